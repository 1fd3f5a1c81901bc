import { KEPT_BY_DEFAULT } from "../core/image/list/planCleanUp";

export const HELP = `slipway: build this folder's image and run its tasks in a container

Usage:
  slipway run [--task NAME | -- COMMAND...]   build the image if an input changed, then run in the warm container
  slipway run --task NAME --retry             go on from the step that failed
  slipway shell [--task NAME | CONTAINER] [-- COMMAND...]
                                              open a shell where the failed run's container is, else the warm one
  slipway discard [--task NAME]               remove the container of a failed run
  slipway build                               only build the image, if an input changed
  slipway status [--explain]                  say whether the image is fresh, and what changed since it was built
  slipway fingerprint                         print what the image is made from
  slipway images                              list this workspace's images: fresh, stale, superseded
  slipway gc [--keep N] [--all] [--dry-run]   remove superseded images and left containers of this workspace
  slipway ps                                  list this workspace's containers
  slipway logs CONTAINER [--follow]           print what a container's own program wrote
  slipway stats [CONTAINER...] [--follow]     print what containers use of CPU and memory
  slipway inspect CONTAINER...                print what the engine knows of containers
  slipway cp CONTAINER:PATH PATH              copy files out of a container
  slipway cp PATH CONTAINER:PATH              copy files into a container
  slipway start CONTAINER...                  start containers
  slipway stop CONTAINER...                   stop containers
  slipway restart CONTAINER...                stop containers, then start them
  slipway rm CONTAINER... | --all             remove containers of this workspace
  slipway engines [--all]                     list the container engines that can be used

Options:
  -w, --workspace DIR   the workspace (default: the current folder)
  -f, --file PATH       the Dockerfile, relative to the workspace
      --engine ADDRESS  such as unix:///var/run/docker.sock or ssh://user@host, or the name of a docker context
                        (default: the one that DOCKER_HOST or the docker context says, else the first that answers)
  -t, --task NAME       the task of slipway.json (run, shell, discard)
      --force-rebuild   build even if nothing changed (run, shell, build)
      --no-cache        build every step anew, on base images that are pulled first (run, shell, build)
      --extra-ca FILE   a PEM file with authorities to trust in builds and containers; can be repeated
      --propagate-proxy pass this process's HTTP_PROXY and the like on to builds and containers
      --selinux-relabel shared|private
                        have the engine relabel the workspace's folder for containers (run, shell)
      --keep N          how many superseded images stay besides the current one (gc; default: ${String(KEPT_BY_DEFAULT)})
  -a, --all             gc: also stopped warm containers; rm: all containers; engines: also places without one
      --dry-run         only say what would go (gc)
  -f, --follow          go on with what is yet to come (logs, stats)
  -n, --tail N          only the last lines, so many (logs)
      --since TIME      only what was written since, such as 10m or 2026-11-27T09:12:00Z (logs)
      --time SECONDS    how long stopping may take before it is forced (stop, restart)
      --json            print one JSON object a line
  -h, --help            show this text
      --version         show the version

What becomes of the run (run):
  -i, --interactive     run in this terminal, with what you type
      --retry           go on from the step that failed, in the container of that run
      --fresh           make a new container instead of using the warm one (run, shell)
      --pause           ask before each step, not only where slipway.json says so
      --rm              remove the container afterwards, whatever has come of it
      --keep            leave the container where it would be removed: that of the image's own command, stopped; or
                        with --keep-warm 0

How the container runs (run, shell; comes over slipway.json's "run"):
  -e, --env NAME[=VALUE], --env-file FILE
                        variables; without a value, that of the environment; can be repeated
  -p, --publish [[IP:]PORT:]PORT
                        a port to reach from here, on 127.0.0.1 unless said otherwise; can be repeated
  -v, --volume SOURCE:TARGET[:ro], --mount type=bind|volume|tmpfs,source=SOURCE,target=TARGET[,readonly]
                        what the container finds besides the workspace; can be repeated
      --allow-mount DIR a folder outside the workspace that may be mounted; can be repeated
  -u, --user USER       host, a name, a number or USER:GROUP
  -m, --memory SIZE, --cpus N, --pids-limit N
                        limits, such as 2g, 1.5 and 500
      --gpus all|optional
                        all GPUs; optional goes on without where there is none
      --workdir DIR     where steps run that name no folder themselves
      --timeout TIME    how long a step may take that has no limit of its own, such as 90s or 10m
      --keep-warm TIME  how long the container goes on when nothing runs in it; 0 removes it with the run (default: 10m)
      --init, --privileged, --read-only, --cap-add NAME, --cap-drop NAME, --security-opt OPTION
                        as for docker
      --run-workspace bind|copy|none
                        how the workspace gets into the container
      --run-network NAME, --run-add-host NAME:ADDRESS, --run-label NAME=VALUE
                        the container's; without "run-" they are the build's

How the image is built (run, shell, build and what looks at the image; comes over slipway.json's "build"):
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

The exit code of "run" is that of the step that decides: the first that failed, else the last; 124 means that it took
too long, 125 that Slipway itself failed, 130 that it was interrupted or stopped at a pause.
That of "status" is 0 if the image that is there would be used, 1 if it would be built or pulled.
`;
