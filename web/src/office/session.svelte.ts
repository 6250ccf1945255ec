/** Who sits here: the office, the account signed in, and whether the server answers. */
import { addressAs } from "../i18n";
import type { BeginOffice, MeView, OfficeView } from "../protocol";
import { get, listen, post, OFFLINE } from "./api";
import { Asked } from "./asked.svelte";

/** How long (ms) between two looks whether the server is back. */
const LOOK_AGAIN_MS = 3000;

class Session {
  readonly asked = new Asked(() => get<MeView>("/me"));
  /** No answer came to the last question. */
  away = $state(false);
  #looking: number | undefined;

  constructor() {
    listen({
      reached: (answered) => {
        this.#reached(answered);
      },
      signedOut: () => {
        if (this.me?.state === "signed_in") void this.load();
      },
    });
  }

  get me(): MeView | null {
    return this.asked.value;
  }

  get office(): OfficeView | null {
    return this.me?.office ?? null;
  }

  async load(): Promise<void> {
    await this.asked.load();
    if (this.office) addressAs(this.office.address_form);
  }

  async begin(asked: BeginOffice): Promise<void> {
    await post("/begin", asked);
    await this.load();
  }

  async signIn(login: string, password: string): Promise<void> {
    await post("/sign-in", { login, password });
    await this.load();
  }

  async signOut(): Promise<void> {
    await post("/sign-out");
    await this.load();
  }

  #reached(answered: boolean): void {
    this.away = !answered;
    window.clearTimeout(this.#looking);
    if (!answered) this.#looking = window.setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
  }

  /** Where the first question was never answered, this answers it. */
  async #look(): Promise<void> {
    await this.load();
    if (this.asked.fault?.code !== OFFLINE) this.away = false;
  }
}

export const session = new Session();
