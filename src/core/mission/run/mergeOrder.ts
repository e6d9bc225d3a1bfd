// Merges are one after the other: of those that wait, the one that comes first in the plan, whoever was there first.

interface Waiting {
  readonly place: number;
  readonly go: () => void;
}

export class MergeOrder {
  private readonly waiting: Waiting[] = [];
  private isBusy = false;

  constructor(private readonly plan: readonly string[]) {}

  async inTurn<T>(node: string, work: () => Promise<T>): Promise<T> {
    await this.turn(node);
    try {
      return await work();
    } finally {
      this.next();
    }
  }

  private turn(node: string): Promise<void> {
    if (!this.isBusy) {
      this.isBusy = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push({ place: this.plan.indexOf(node), go: resolve }));
  }

  private next(): void {
    this.waiting.sort((a, b) => a.place - b.place);
    const first = this.waiting.shift();
    if (first === undefined) this.isBusy = false;
    else first.go();
  }
}
