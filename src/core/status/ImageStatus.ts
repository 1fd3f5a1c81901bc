/** How the workspace's image stands, as the status bar shows it. */
export type ImageStatus =
  | { readonly state: "unknown" }
  | { readonly state: "checking" }
  | { readonly state: "absent"; readonly reason: string }
  | { readonly state: "fresh"; readonly reason: string }
  | { readonly state: "stale"; readonly reason: string; readonly changes: number }
  /** A ready-made image is used. */
  | { readonly state: "given"; readonly reference: string; readonly reason: string }
  | { readonly state: "building"; readonly step: string | undefined }
  /** The last build failed, and nothing has changed since. */
  | { readonly state: "failed"; readonly reason: string }
  /** It could not be found out: an invalid slipway.json, a file that cannot be read. */
  | { readonly state: "unavailable"; readonly reason: string }
  /** There is no engine to ask. */
  | { readonly state: "no-engine"; readonly reason: string };
