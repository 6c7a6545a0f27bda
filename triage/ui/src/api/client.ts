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
  next: string; // for `after`; empty: no more
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

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = token;
  let payload: BodyInit | undefined;
  if (body instanceof Blob) {
    payload = body;
    headers["Content-Type"] = body.type || "application/octet-stream";
  } else if (body !== undefined) {
    payload = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  let response: Response;
  try {
    response = await fetch("/api/v1" + path, { method, headers, body: payload, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
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
    if (response.status === 401 && path !== "/session") onLogin();
    throw new ApiError(response.status, error?.code ?? "failed", error?.message ?? "");
  }
  return parsed as T;
}

export const get = <T>(path: string, params?: Params) => call<T>("GET", path + query(params));
export const post = <T>(path: string, body: unknown = {}, params?: Params) =>
  call<T>("POST", path + query(params), body);
export const put = <T>(path: string, body: unknown = {}) => call<T>("PUT", path, body);
export const remove = <T>(path: string) => call<T>("DELETE", path);
/** Where a file can be downloaded by the browser itself. */
export const fileAddress = (path: string, params?: Params) => "/api/v1" + path + query(params);
