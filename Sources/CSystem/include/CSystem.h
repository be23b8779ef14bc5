#ifndef GALLEY_CSYSTEM_H
#define GALLEY_CSYSTEM_H
// What the Glibc module of Swift on Linux lacks, as plain prototypes.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "CSystemTerminal.h"

// Readiness: epoll and eventfd. Each returns -1 and sets errno, as the system call does.
int galley_epoll_create(void);
// `interest` is a set of GALLEY_READ and GALLEY_WRITE; the registration disarms after one event.
int galley_epoll_arm(int epoll, int fd, uint32_t interest);
int galley_epoll_forget(int epoll, int fd);
struct galley_event {
    int fd;
    uint32_t interest;
};
// Waits at most `timeout_ms` (-1: no limit). Errors and hang-ups are told as both readable and writable.
int galley_epoll_wait(int epoll, struct galley_event *events, int capacity, int timeout_ms);
#define GALLEY_READ 1u
#define GALLEY_WRITE 2u

int galley_eventfd_create(void);
void galley_eventfd_signal(int fd);
void galley_eventfd_drain(int fd);

// Monotonic time in nanoseconds (CLOCK_MONOTONIC), and UTC in nanoseconds since 1970 (CLOCK_REALTIME).
uint64_t galley_monotonic_ns(void);
int64_t galley_wall_ns(void);

int galley_errno(void);

// Names the calling thread for debuggers and `top -H`; the kernel keeps 15 bytes.
void galley_name_thread(const char *name);

// Starts a program with no signal blocked, every signal at its default, and no descriptor but 0, 1 and 2.
struct galley_spawn {
    const char *path;
    char *const *arguments;    // null-terminated, the first is the program's name
    char *const *environment;  // null-terminated
    const char *folder;        // working folder, or null
    int input;                 // descriptor for 0, or -1 for /dev/null
    int output;                // descriptor for 1, or -1 for /dev/null
    int errors;                // descriptor for 2, or -1 for /dev/null
    bool new_session;          // setsid, so that the child has no controlling terminal and a group of its own
    int death_signal;          // sent to the child when the thread that started it ends; 0 for none
    uid_t user;                // (uid_t)-1 keeps the user
    gid_t group;
};
// Returns the child's id, or -1 with errno as the failing call (exec included) set it.
pid_t galley_spawn(const struct galley_spawn *request);

// A descriptor that becomes readable when the process ends (Linux 5.3).
int galley_pidfd_open(pid_t pid);
// Wait status split: returns false when the child has not ended.
bool galley_wait(pid_t pid, int *exit_code, int *signal_number);

// Makes the calling process's orphaned descendants its own children, so that it can end them.
void galley_become_subreaper(void);

// From now on the signal does nothing but make the eventfd readable.
void galley_signal_to_eventfd(int signal_number, int fd);

// Sent to this process when its parent's thread ends; a change of user clears it. 0 for none.
void galley_set_death_signal(int signal_number);

// pipe2, accept4 and getrandom; descriptors are closed on exec. Each returns -1 and sets errno on failure.
int galley_pipe(int ends[2]);
int galley_accept(int listener);
int galley_random(void *bytes, size_t count);
// The user at the other end of a unix socket, or (uid_t)-1.
uid_t galley_peer_user(int socket);
#endif
