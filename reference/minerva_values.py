"""How lm-evaluation-harness 0.4.13's minerva tasks read, normalise and compare final answers (with sympy 1.14 and
antlr4 4.11) → values/benchmarks/minerva.json.

    python reference/minerva_values.py                  answers written for this purpose, all pairs in a line
    python reference/minerva_values.py --answers FILE --out FILE   all pairs of the answers boxed in a file of solutions
"""

import argparse
import json
from itertools import combinations
from pathlib import Path

import evaluate

evaluate.load = lambda *_, **__: None

from lm_eval.tasks.minerva_math import utils  # noqa: E402

OUT = Path(__file__).parent / "values" / "benchmarks" / "minerva.json"

ANSWERS = r"""
5|5.0|05|\frac{10}{2}|\frac12|\frac{1}{2}|\dfrac12|\tfrac{1}{2}|0.5|1/2|.5|50\%|\frac{2}{4}|2^{-1}|x=5|x = \frac12
\sqrt2|\sqrt{2}|2^{1/2}|\sqrt{8}/2|\frac{\sqrt8}{2}|\sqrt[3]{8}|\sqrt[3]8|2|1.41421356237|\frac{2}{\sqrt{2}}
1,000|1000|10^3|$1000$|\$1,000|1000 dollars|1{,}000|12,34|0,1|(0,1)|\left(0,1\right)|[0,1)
x^2+2x+1|(x+1)^2|(x+1)(x+1)|x(x+2)+1|1+2x+x^2|y|2x|x\cdot 2|x2
15^\circ|15^{\circ}|15|15 degrees|15\text{ degrees}|15 cm|15\text{ cm}^2|2\pi cm|2\pi|\pi\cdot2|6.28318530718
\text{A}|A|\text{Evelyn}|Evelyn|\textbf{(B)}|\text{(B)}|(B)|B|\text{even and odd}|3\text{ and }4|3, 4|3,4|4,3
\begin{pmatrix} 1 \\ 2 \end{pmatrix}|\begin{pmatrix}1\\2\end{pmatrix}|-3|--3|+3|3|-\frac{6}{2}|\frac{-6}{2}|\frac{6}{-2}
\infty|-\infty|(-\infty,3]|\left(-\infty,3\right]|3!|6|\binom{4}{2}|\binom42|\log_2 8|\log_{2}{8}|\ln e|e^0|i^2|-1|1|\cos 0
|x| + 1|1+|x||\lfloor 2.5\rfloor|\frac{a}{b}|a/b|ab^{-1}|\frac{a+b}{2}|(a+b)/2|0.5(a+b)|1\frac{1}{2}|\frac32|1.5
2(3)|6.0|12_3|12|7:3|\frac73|\emptyset|\{1,2\}|\{1\}|3\sqrt{13}|\sqrt{117}|\sqrt{-1}|1.2.3|1.2|5\le x|x\ge 5
"""

GENERATED = [
    " It is 5.\nFinal Answer: The final answer is $5$. I hope it is correct.\n\n",
    "Final Answer: The final answer is 5. I hope it is correct.",
    "Final Answer: The final answer is $5$.",
    "Final Answer: The final answer is $5$",
    "Final Answer: The final answer is \n5. I hope it is correct.",
    "The answer is 5.",
    "",
    "Final Answer: The final answer is $\\frac12$. I hope it is correct. Final Answer: The final answer is 3. I hope it is correct.",
    "Final Answer: The final answer is $x = 3$! I hope it is correct?",
]

SOLUTIONS = [
    "So $\\boxed{5}$.",
    "First $\\boxed{1}$, then $\\boxed{\\frac{1}{2}}$.",
    "Thus $\\boxed 7$ it is.",
    "Open $\\boxed{\\text{a}$.",
    "So \\fbox{3}.",
    "No box.",
    "Nested \\boxed{\\sqrt{\\frac{2}{3}}} end",
]


def answers(text):
    return [part for line in text.strip().split("\n") for part in line.split("|")]


def solved(solution):
    try:
        return utils.normalize_final_answer(utils.remove_boxed(utils.last_boxed_only_string(solution)))
    except (AssertionError, TypeError):
        return None


def equal_pairs(normal):
    return [[i, j] for i, j in combinations(range(len(normal)), 2) if utils.is_equiv(normal[i], normal[j])]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    if args.answers:
        rows = [json.loads(line) for line in args.answers.read_text(encoding="utf-8").split("\n") if line.strip()]
        normal = sorted({a for row in rows if (a := solved(row["solution"])) is not None})
        groups, out = [normal], {}
    else:
        lines = [answers(line) for line in ANSWERS.strip().split("\n")]
        raw = [answer for line in lines for answer in line]
        groups = [sorted({utils.normalize_final_answer(answer) for answer in line}) for line in lines]
        out = {
            "answers": [[answer, utils.normalize_final_answer(answer)] for answer in raw],
            "generated": [[text, utils.get_unnormalized_answer(text)] for text in GENERATED],
            "solutions": [[text, solved(text)] for text in SOLUTIONS],
        }
    out["groups"] = [{"normal": normal, "equal": equal_pairs(normal)} for normal in groups]
    args.out.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(args.out, sum(len(g["equal"]) for g in out["groups"]), "equal pairs")


if __name__ == "__main__":
    main()
