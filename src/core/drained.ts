/** What node:stream and streamx have in common. */
interface Drainable {
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** Waits until a stream that said so takes more, or takes nothing any more. Leaves no listener behind. */
export async function drained(stream: Drainable): Promise<void> {
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      stream.off("drain", goOn);
      stream.off("close", goOn);
      resolve();
    };
    stream.once("drain", goOn);
    stream.once("close", goOn);
  });
}
