/** Names to sign in with, and what a password must be. Pure. */

/** As the server wants it; it has the last word. */
export const PASSWORD_LEAST = 8;

/** "duongttt" for Trần Thị Thùy Dương: the given name, then the first letters of the others. */
export function proposedLogin(name: string): string {
  const parts = plain(name).split(" ").filter(Boolean);
  const given = parts.pop() ?? "";
  return given + parts.map((part) => part.charAt(0)).join("");
}

/** Small letters without any mark, and single spaces between words. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/đ/g, "d")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/** What to say before asking the server, as a key of words; nothing where it may be asked. */
export function missing(account: {
  name: string;
  login: string;
  password: string;
  repeated: string | null;
}): "sign.need_name" | "sign.need_login" | "sign.short" | "sign.differ" | "" {
  if (!account.name.trim()) return "sign.need_name";
  if (!account.login.trim()) return "sign.need_login";
  return unfit(account.password, account.repeated);
}

/** As `missing`, of a new password alone; `repeated` is null where it was shown while typing. */
export function unfit(password: string, repeated: string | null): "sign.short" | "sign.differ" | "" {
  if (password.length < PASSWORD_LEAST) return "sign.short";
  return repeated !== null && repeated !== password ? "sign.differ" : "";
}
