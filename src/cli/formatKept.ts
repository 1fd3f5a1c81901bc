import type { TaskEvent } from "../core/task/TaskEvent";

/**
 * That a container stays, and what can be done with it.
 *
 * @param task that has failed in it; undefined for a command.
 */
export function formatKept({ name, step }: TaskEvent & { readonly type: "kept" }, task: string | undefined): string {
  if (step === undefined || task === undefined) {
    return `the container ${name} stays: slipway shell ${name} opens a shell in it, slipway rm ${name} removes it`;
  }
  const of = `--task ${quoted(task)}`;
  return [
    `the container ${name} stays as it is`,
    `  slipway shell ${of}        opens a shell in it`,
    `  slipway run ${of} --retry  goes on from "${step.name}"`,
    `  slipway discard ${of}      removes it`,
  ].join("\n");
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w.,:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
