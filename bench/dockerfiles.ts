/** Where the images have what is copied; the bench finds the builder's cache of its own steps by it. */
export const TARGET = "/slipway-bench";

/** Copies everything. */
export const COPY_ALL = `FROM busybox\nCOPY . ${TARGET}\n`;

/** Copies one folder, as Dockerfiles that name what they need do; nothing copies the others. */
export const SOME = `FROM busybox\nCOPY part0 ${TARGET}/part0\n`;

/** Some stages that copy from the context and from each other; nothing copies part6 and part7. */
export const STAGES = `FROM busybox AS sources
COPY part0 ${TARGET}/part0
COPY part1 part2 ${TARGET}/more/

FROM busybox AS tools
COPY part3 ${TARGET}/part3

FROM busybox
COPY --from=tools ${TARGET}/part3 ${TARGET}/part3
COPY --from=sources ${TARGET} ${TARGET}/sources
COPY part4 ${TARGET}/part4
COPY part5 ${TARGET}/part5
`;
