/** Work that is under way, limited by the bytes that it holds: one piece may always be. */
export class Backlog {
  private readonly pending: { readonly work: Promise<unknown>; readonly bytes: number }[] = [];
  private held = 0;

  constructor(private readonly most: number) {}

  /** Resolves when all that is under way holds no more than the limit, or is this piece alone; rejects with what failed first. */
  async add(work: Promise<unknown> | undefined, bytes: number): Promise<void> {
    if (!work) return;
    // A failure is thrown where it is waited for.
    work.catch(() => undefined);
    this.pending.push({ work, bytes });
    this.held += bytes;
    while (this.held > this.most && this.pending.length > 1) await this.oldest();
  }

  /** Resolves when nothing is under way. */
  async settle(): Promise<void> {
    while (this.pending.length > 0) await this.oldest();
  }

  /** Resolves when nothing is under way, whether it failed or not. */
  async end(): Promise<void> {
    await Promise.allSettled(this.pending.splice(0).map(({ work }) => work));
    this.held = 0;
  }

  private async oldest(): Promise<void> {
    const { work, bytes } = this.pending.shift()!;
    this.held -= bytes;
    await work;
  }
}
