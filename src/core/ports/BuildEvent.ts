/** What happens while an image is built, the same from every builder. */
export type BuildEvent =
  | {
      readonly type: "step";
      readonly id: string;
      /** As the builder names it: "[2/4] COPY package.json ./". */
      readonly name: string;
      readonly state: "started" | "cached" | "finished" | "failed";
      /** Since the step started; absent where the builder does not say. In milliseconds. */
      readonly durationMs?: number;
    }
  /** Whole characters, not necessarily whole lines. */
  | { readonly type: "output"; readonly stepId: string | undefined; readonly text: string }
  | {
      readonly type: "progress";
      readonly message: string;
      /** In bytes, where known. */
      readonly current?: number;
      readonly total?: number;
      /** Nothing more comes of this, where the builder says so. */
      readonly last?: boolean;
    }
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "image"; readonly imageId: string };
