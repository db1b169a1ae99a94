"""The rows of benchmarks/arc_easy.jsonl as Parquet files → values/benchmarks/arc.*.parquet (pyarrow, as the Hub has them)."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
lines = (HERE / "benchmarks" / "arc_easy.jsonl").read_text(encoding="utf-8").splitlines()
table = pa.Table.from_pylist([json.loads(line) for line in lines])
for codec in ("snappy", "zstd"):
    pq.write_table(table, HERE / "values" / "benchmarks" / f"arc.{codec}.parquet", compression=codec)
