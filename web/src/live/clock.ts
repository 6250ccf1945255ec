/**
 * The server's seconds as this device knows them: the last beacon plus the time since.
 * `now` is always `performance.now()` in milliseconds, given by the caller.
 */
export class Clock {
  #beacon = 0;
  #beaconAt: number | null = null;
  #heardAt: number;

  constructor(now: number) {
    this.#heardAt = now;
  }

  /** A beacon with the server's seconds `t` arrived. */
  beacon(t: number, now: number): void {
    this.#beacon = t;
    this.#beaconAt = now;
  }

  /** The server said something from which this device knows that it shows what is so. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /** What a perishable command carries as `at`, in seconds; null before the first beacon. */
  at(now: number): number | null {
    return this.#beaconAt === null ? null : this.#beacon + (now - this.#beaconAt) / 1000;
  }

  /** Milliseconds since this device last knew. */
  silence(now: number): number {
    return now - this.#heardAt;
  }
}
