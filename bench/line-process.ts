import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A program that answers every line written to it with one line of JSON. */
export class LineProcess<Answer> {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private errors = "";

  constructor(
    private readonly name: string,
    command: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
  ) {
    this.child = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
    this.child.on("error", (error) => {
      this.errors += error.message;
    });
    this.child.stderr!.on("data", (data) => {
      this.errors = (this.errors + String(data)).slice(-2000);
    });
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  async ask(line: string): Promise<Answer> {
    this.child.stdin!.write(`${line}\n`);
    for (;;) {
      const { value, done } = await this.answers.next();
      if (done) throw new Error(`${this.name} ended: ${this.errors.trim().slice(-600)}`);
      if (value.startsWith("{")) return JSON.parse(value) as Answer;
    }
  }

  close(): void {
    this.child.stdin!.end();
    this.child.kill();
  }
}
