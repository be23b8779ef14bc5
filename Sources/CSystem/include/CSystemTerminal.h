#ifndef GALLEY_CSYSTEM_TERMINAL_H
#define GALLEY_CSYSTEM_TERMINAL_H
// The terminal given back on every way out, the ways on which no Swift runs included.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

// From now on a crash or a deadly signal writes `leave` to `fd`, sets `modes` and then dies as it would have.
// `report` is the file that a crash is described in, or null. Returns -1 with errno on failure.
int galley_terminal_guard(int fd, const struct termios *modes, const void *leave, size_t count, const char *report);
// While false (left for a shell, or ended) nothing is written or set on a crash.
void galley_terminal_set_active(bool active);
// Tells that the terminal owes the answer to a query: a crash waits for it, so that no shell reads it.
void galley_terminal_set_owed(bool owed);
// Gives the terminal back now, as a crash would.
void galley_terminal_restore(void);

// Signals that are told through `wakeup`, an eventfd, and collected by galley_signals_take.
#define GALLEY_SIGNAL_RESIZED 1u
#define GALLEY_SIGNAL_STOP 2u
#define GALLEY_SIGNAL_CONTINUED 4u
#define GALLEY_SIGNAL_END 8u
// Takes over the signals that a terminal program gets; one that was ignored (nohup) stays so. One that ends the
// process is told first; when nobody acts on it within a second, or it comes again, the process ends at once.
int galley_signals_install(int wakeup);
// What came since the last call: a set of GALLEY_SIGNAL_*.
uint32_t galley_signals_take(void);
// The signal that asked for the end, 0 for none.
int galley_signals_ending(void);
// Ends the process by the signal's default action, so that the parent sees the true status; 128 + n if it cannot.
_Noreturn void galley_signals_die(int number);
// Stops the process group as Ctrl-Z does, and returns when it goes on; at once when it may not be stopped.
void galley_signals_stop(void);

// What is written to standard error while the screen is taken is kept (it would disturb the screen), and
// written out by galley_errors_release or a crash, controls replaced. Does nothing if it goes to a file.
void galley_errors_hold(void);
void galley_errors_release(void);

// A pseudo terminal: its master, and its slave through the pointer; -1 with errno when none can be had.
int galley_pseudo_terminal(int *slave);
// Starts a program as the leader of a session on a new pseudo terminal; the master's descriptor in `*master`.
// `path` and the arrays as for galley_spawn. Returns the child's id or -1 with errno.
int galley_spawn_on_terminal(
    const char *path, char *const *arguments, char *const *environment, int columns, int rows, int *master);
int galley_terminal_resize(int fd, int columns, int rows);
// Columns in the upper 16 bits, rows in the lower; 0 when unknown.
uint32_t galley_terminal_size(int fd);
// The terminal's path opened anew, non-blocking: a file description that no other process shares. -1 on failure.
int galley_terminal_reopen(int fd);
// The bytes in the terminal's output queue.
int galley_terminal_queued(int fd);
#endif
