export const HELP = `slipway: build this folder's image and run its tasks in a container

Usage:
  slipway run [--task NAME | -- COMMAND...]   build the image if an input changed, then run
  slipway build                               only build the image, if an input changed
  slipway fingerprint                         print what the image is made from
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
      --json            print one JSON object a line
  -h, --help            show this text
      --version         show the version

The exit code of "run" is the command's own; 125 means that Slipway itself failed, 130 that it was interrupted.
`;
