#ifndef GALLEY_CSYSTEM_TERMINAL_H
#define GALLEY_CSYSTEM_TERMINAL_H
// The terminal's life in signal handlers: what must work when Swift code can no longer run.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Remembers the terminal's present modes as those to go back to; false when `fd` is no terminal.
bool galley_terminal_remember(int fd);
// Raw input: no echo, no line editing, no signals from keys, no translation of output.
bool galley_terminal_raw(int fd);
// What a crash writes to give the screen back (at most 512 bytes), and the report file that it appends to.
void galley_terminal_on_crash(const char *bytes, size_t length, const char *report_path);
// Writes the crash bytes and puts the remembered modes back; safe in a signal handler, harmless twice.
void galley_terminal_restore(void);
// From here on a restore does nothing: the terminal is no longer ours.
void galley_terminal_forget(void);

// Handlers: SEGV BUS ILL TRAP ABRT FPE restore and re-raise; TERM INT QUIT HUP TSTP CONT WINCH are only noted
// and told through the descriptor, an eventfd that becomes readable. Returns it, or -1.
int galley_terminal_signals(void);
// The signals noted since the last call, bit N for signal N.
uint64_t galley_terminal_take_signals(void);
// Ends the process by the signal's default action, so that its parent sees the true status.
void galley_terminal_die(int signal_number);
// Stops the process as Ctrl-Z does, returns when it is continued.
void galley_terminal_stop(void);

// A pseudo-terminal for tests: its master, and its slave through the pointer; -1 when none can be had.
int galley_pseudo_terminal(int *slave);
#endif
