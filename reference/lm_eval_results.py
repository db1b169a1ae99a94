"""Results files of lm-evaluation-harness, for src/core/results.

Without arguments: lm-eval scores its own tasks in reference/results on the demo base and writes the files to
values/lm-eval-files (without what names the machine). With a results file that the workbench wrote: lm-eval's own functions
read it and the samples beside it, and print what they make of them.

  python lm_eval_results.py
  python lm_eval_results.py DIR/results_DATE.json > values/lm-eval-reads.txt
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
HERE = Path(__file__).parent
BASE = HERE.parent / "public/zoo/demo/base"
OUT = HERE / "values/lm-eval-files"
TASKS = ["own_both", "own_write", "own_text"]


def write() -> None:
    import tempfile

    import torch
    from lm_eval import simple_evaluate
    from lm_eval.loggers import EvaluationTracker
    from lm_eval.tasks import TaskManager

    torch.set_num_threads(1)
    os.environ["DISABLE_MULTIPROC"] = "1"
    os.chdir(HERE / "results")
    with tempfile.TemporaryDirectory() as folder:
        tracker = EvaluationTracker(output_path=folder)
        results = simple_evaluate(
            model="hf",
            model_args={"pretrained": os.path.relpath(BASE), "dtype": "float32"},
            tasks=TASKS,
            task_manager=TaskManager(include_path="."),
            device="cpu",
            batch_size=1,
            log_samples=True,
            evaluation_tracker=tracker,
        )
        samples = results.pop("samples")
        tracker.save_results_aggregated(results=results, samples=samples)
        for task in results["configs"]:
            tracker.save_results_samples(task_name=task, samples=samples[task])
        OUT.mkdir(parents=True, exist_ok=True)
        for file in Path(folder).rglob("*.json*"):
            text = file.read_text()
            if file.suffix == ".json":
                whole = json.loads(text)
                whole["pretty_env_info"] = ""
                whole["git_hash"] = ""
                text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
            (OUT / (file.name.rpartition("_")[0] + file.suffix)).write_text(text)


def read(path: Path) -> None:
    from datasets import load_dataset
    from lm_eval.utils import (
        get_file_datetime,
        get_file_task_name,
        get_results_filenames,
        get_sample_results_filenames,
        make_table,
    )

    names = [f"{path.parent.name}/{f.name}" for f in path.parent.iterdir()]
    results = json.loads(path.read_text())
    print(make_table(results))
    if "groups" in results:
        print(make_table(results, "groups"))
    print("results files:", len(get_results_filenames(names)))
    for name in sorted(get_sample_results_filenames(names)):
        rows = load_dataset("json", data_files=str(path.parent.parent / name), split="train")
        same = get_file_datetime(name) in path.name
        print(f"{get_file_task_name(Path(name).name)}: {rows.num_rows} samples, date of the results: {same}")
        print("  columns:", ", ".join(rows.column_names))


read(Path(sys.argv[1])) if len(sys.argv) > 1 else write()
