// The one way to the server: JSON over /api/v1, the session in a cookie that scripts cannot read, a token for changes.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export type Params = Record<string, string | number | boolean | undefined | null>;

export interface List<T> {
  items: T[];
  next?: string; // for `after`; absent: no more
}

let token = ""; // against cross-site requests; given with the session
let onLogin: () => void = () => {};

export function setToken(value: string): void {
  token = value;
}
/** Called when the session is over. */
export function whenLoginIsNeeded(callback: () => void): void {
  onLogin = callback;
}

function query(params?: Params): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? "?" + text : "";
}

const maxTries = 5;
/** Asks again when the server says that it is too busy now (nothing was done then): a whole office may share one address. */
async function send(url: string, request: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries++) {
    let response: Response;
    try {
      response = await fetch(url, request);
    } catch {
      throw new ApiError(0, "unreachable", "");
    }
    const seconds = Number(response.headers.get("Retry-After"));
    const busy = (response.status === 429 || response.status === 503) && seconds > 0 && seconds <= 2 && !url.endsWith("/login");
    if (!busy || tries === maxTries) return response;
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds * (0.5 + Math.random())));
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = token;
  let payload: BodyInit | undefined;
  if (body !== undefined) {
    payload = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  const response = await send("/api/v1" + path, { method, headers, body: payload, credentials: "same-origin" });
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  let parsed: unknown = undefined;
  try {
    parsed = text ? JSON.parse(text) : undefined;
  } catch {
    throw new ApiError(response.status, "bad_answer", "");
  }
  if (!response.ok) {
    const error = (parsed as { error?: { code?: string; message?: string } } | undefined)?.error;
    if (response.status === 401 && path !== "/login" && path !== "/me") onLogin();
    throw new ApiError(response.status, error?.code ?? "failed", error?.message ?? "");
  }
  return parsed as T;
}

export const get = <T>(path: string, params?: Params) => call<T>("GET", path + query(params));
export const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, body);

/** Asks for a file by POST, as exports are noted in the log, and hands it to the browser to be saved. */
export async function download(path: string, body: unknown): Promise<void> {
  const response = await send("/api/v1" + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify(body),
    credentials: "same-origin",
  });
  if (!response.ok) {
    const parsed = (await response.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
    throw new ApiError(response.status, parsed.error?.code ?? "failed", parsed.error?.message ?? "");
  }
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = decodeURIComponent(name);
  link.click();
  URL.revokeObjectURL(address);
}
