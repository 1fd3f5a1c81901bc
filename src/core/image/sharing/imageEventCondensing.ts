import type { ImageEvent } from "../ImageResolution";
import type { Condensing } from "./EventLog";

/** Who joins a build late gets its decision, steps and warnings, and the end of its output. */
export const imageEventCondensing: Condensing<ImageEvent> = {
  droppable: (event) => {
    if (event.type !== "build") {
      return undefined;
    }
    switch (event.event.type) {
      case "output":
        return event.event.text.length;
      case "progress":
        return 0;
      case "step":
      case "warning":
      case "image":
        return undefined;
    }
  },
  gap: (characters) => ({
    type: "build",
    event: {
      type: "output",
      stepId: undefined,
      text: `[${String(characters)} characters of output are left out here]\n`,
    },
  }),
};
