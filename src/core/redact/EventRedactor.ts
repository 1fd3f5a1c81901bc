import type { BuildEvent } from "../ports/BuildEvent";
import type { RedactedStream, Redactor } from "./Redactor";

/** Takes secrets out of what a builder says. Each step's output is a text of its own, which arrives in pieces. */
export class EventRedactor {
  private readonly outputs = new Map<string | undefined, RedactedStream>();

  constructor(private readonly redactor: Redactor) {}

  /** @returns the event, after what was held back until then; nothing while it is held back. */
  redact(event: BuildEvent): readonly BuildEvent[] {
    switch (event.type) {
      case "step": {
        const step = { ...event, name: this.redactor.redact(event.name) };
        return event.state === "started" ? [step] : [...this.endOf(event.id), step];
      }
      case "output": {
        const stream = this.outputs.get(event.stepId) ?? this.redactor.stream();
        this.outputs.set(event.stepId, stream);
        return outputOf(event.stepId, stream.write(event.text));
      }
      case "progress":
      case "warning":
        return [{ ...event, message: this.redactor.redact(event.message) }];
      case "image":
        return [event];
    }
  }

  /** @returns what is held back still. To be called when no more events come, whatever the reason. */
  end(): readonly BuildEvent[] {
    return [...this.outputs.keys()].flatMap((stepId) => this.endOf(stepId));
  }

  private endOf(stepId: string | undefined): readonly BuildEvent[] {
    const stream = this.outputs.get(stepId);
    this.outputs.delete(stepId);
    return stream === undefined ? [] : outputOf(stepId, stream.end());
  }
}

function outputOf(stepId: string | undefined, text: string): readonly BuildEvent[] {
  return text === "" ? [] : [{ type: "output", stepId, text }];
}
