/**
 * For a shell that leads a process group of its own: runs a program until it ends, or until the pipe that is stdin does,
 * which is when the process that has started the shell has gone, however that came about: ssh itself does not read its
 * stdin. Then the whole group is ended, so also what a wrapper has started, and the folder is removed.
 *
 * Its arguments are the folder, how many seconds the group has between SIGTERM and SIGKILL, and the program with its own.
 * Since the last thing that it does is to kill its group, it must never run in the group of somebody else.
 */
export const WATCH_SCRIPT = `
  folder=$1 grace=$2; shift 2
  exec 3<&0
  "$@" </dev/null 3<&- & child=$!
  # The program has its signals and its stderr by now. The shell must outlive the first signal to its group, and have
  # no words of its own ("Terminated") for a pipe that nobody may read any more: SIGPIPE would end it early.
  trap '' TERM; exec 2>/dev/null
  finish() { rm -f "$folder"/*; rmdir "$folder"; kill -KILL 0; }
  { read -r _ <&3; kill -TERM 0; sleep "$grace"; finish; } &
  exec 3<&-
  wait "$child"
  finish
`;
