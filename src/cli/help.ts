export const HELP = `slipway: build this folder's image and run its tasks in a container

Usage:
  slipway run [--task NAME | -- COMMAND...]   build the image if an input changed, then run
  slipway build                               only build the image, if an input changed
  slipway fingerprint                         print what the image is made from
  slipway ps                                  list this workspace's containers
  slipway rm CONTAINER... | --all             remove containers of this workspace
  slipway engines                             list the container engines that were looked for

Options:
  -w, --workspace DIR   the workspace (default: the current folder)
  -f, --file PATH       the Dockerfile, relative to the workspace
      --engine ADDRESS  such as unix:///var/run/docker.sock (default: the first engine that answers)
      --force-rebuild   build even if nothing changed (run, build)
      --no-cache        build every step anew, on base images that are pulled first (run, build)
      --keep            leave the stopped container afterwards (run)
      --json            print one JSON object a line
  -h, --help            show this text
      --version         show the version

The exit code of "run" is the command's own; 125 means that Slipway itself failed, 130 that it was interrupted.
`;
