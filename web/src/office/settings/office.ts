/** What is written of the office, as the forms hold it. Pure. */
import type { OfficeView } from "../../protocol";

export const ZONE = "Asia/Ho_Chi_Minh";

/** Zones of the office's own country and its neighbours; another one stays if it was set. */
export const ZONES = [ZONE, "Asia/Vientiane", "Asia/Phnom_Penh", "Asia/Bangkok"] as const;

export function emptyOffice(): OfficeView {
  return {
    name: "",
    zone: ZONE,
    wifi_name: "",
    wifi_password: "",
    help_name: "",
    help_phone: "",
    address_form: "dong_chi",
  };
}

/** The same with no space around what was typed, every accent composed; passwords as they are. */
export function tidy<Form extends object>(form: Form): Form {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, tidied(name, value)]),
  ) as Form;
}

function tidied(name: string, value: unknown): unknown {
  if (typeof value !== "string" || name === "password") return value;
  return value.normalize("NFC").trim();
}
