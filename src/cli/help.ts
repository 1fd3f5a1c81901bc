import { KEPT_BY_DEFAULT } from "../core/image/list/planCleanUp";

export const HELP = `slipway: build this folder's image and run its tasks in a container

Usage:
  slipway run [--task NAME | -- COMMAND...]   build the image if an input changed, then run
  slipway build                               only build the image, if an input changed
  slipway status [--explain]                  say whether the image is fresh, and what changed since it was built
  slipway fingerprint                         print what the image is made from
  slipway images                              list this workspace's images: fresh, stale, superseded
  slipway gc [--keep N] [--dry-run]           remove superseded images of this workspace
  slipway ps                                  list this workspace's containers
  slipway rm CONTAINER... | --all             remove containers of this workspace
  slipway engines [--all]                     list the container engines that can be used

Options:
  -w, --workspace DIR   the workspace (default: the current folder)
  -f, --file PATH       the Dockerfile, relative to the workspace
      --engine ADDRESS  such as unix:///var/run/docker.sock or ssh://user@host, or the name of a docker context
                        (default: the one that DOCKER_HOST or the docker context says, else the first that answers)
      --force-rebuild   build even if nothing changed (run, build)
      --no-cache        build every step anew, on base images that are pulled first (run, build)
      --extra-ca FILE   a PEM file with authorities to trust in builds and containers; can be repeated
      --propagate-proxy pass this process's HTTP_PROXY and the like on to builds and containers
      --selinux-relabel shared|private
                        have the engine relabel the workspace's folder for containers (run)
      --keep            leave the stopped container afterwards (run)
      --keep N          how many superseded images stay besides the current one (gc; default: ${String(KEPT_BY_DEFAULT)})
      --dry-run         only say which images would go (gc)
      --json            print one JSON object a line
  -h, --help            show this text
      --version         show the version

How the image is built (run, build and what looks at the image; comes over slipway.json's "build"):
      --target NAME     the stage to build
      --platform P      such as linux/amd64
      --build-arg NAME[=VALUE]
                        can be repeated; without a value, that of the environment
      --secret id=ID,src=FILE | id=ID,env=NAME
                        for RUN --mount=type=secret,id=ID; can be repeated
      --ssh default | ID=PATH[,PATH...]
                        the agent, or an agent's socket or keys, for RUN --mount=type=ssh; can be repeated
      --label NAME=VALUE
                        can be repeated
      --tag NAME        a name for the image besides its own
      --pull missing|always|never
                        when base images are pulled (default: missing)
      --network NAME    for RUN: default, none, host or, where the builder has it, the name of a network
      --add-host NAME:ADDRESS
                        for RUN; can be repeated
      --cache-from IMAGE, --cache-to inline|IMAGE
                        where cached layers come from and are kept for others; can be repeated

The exit code of "run" is the command's own; 125 means that Slipway itself failed, 130 that it was interrupted.
That of "status" is 0 if the image that is there would be used, 1 if it would be built or pulled.
`;
