/**
 * Keys after which an engine would let go of a terminal. None at all cannot be asked for: what is empty is Ctrl-P Ctrl-Q on
 * Docker, and Ctrl-P belongs to the user's shell. An engine holds back what could be the beginning of the sequence, so it
 * begins with the key that is missed least until the next one: Ctrl-@ (Ctrl-Space) marks a place, or begins another
 * sequence.
 */
export const DETACH_KEYS = "ctrl-@,ctrl-^,ctrl-@,ctrl-_,ctrl-^,ctrl-@";
