#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "CSystemTerminal.h"

int galley_terminal_resize(int fd, int columns, int rows) {
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    return ioctl(fd, TIOCSWINSZ, &size);
}

uint32_t galley_terminal_size(int fd) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
    return (uint32_t)size.ws_col << 16 | size.ws_row;
}

int galley_terminal_reopen(int fd) {
    char path[128];
    if (ttyname_r(fd, path, sizeof path) != 0) return -1;
    return open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

int galley_terminal_queued(int fd) {
    int count = 0;
    return ioctl(fd, TIOCOUTQ, &count) == 0 ? count : 0;
}

static int open_master(char *name, size_t count) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -1;
    if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, name, count) == 0) return master;
    close(master);
    return -1;
}

int galley_pseudo_terminal(int *slave) {
    char name[128];
    int master = open_master(name, sizeof name);
    if (master < 0) return -1;
    *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave >= 0) return master;
    close(master);
    return -1;
}

int galley_spawn_on_terminal(
    const char *path, char *const *arguments, char *const *environment, int columns, int rows, int *master) {
    char name[128];
    int fd = open_master(name, sizeof name);
    if (fd < 0) return -1;
    if (galley_terminal_resize(fd, columns, rows) != 0) {
        close(fd);
        return -1;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) {
        struct sigaction action = {.sa_handler = SIG_DFL};
        for (int s = 1; s < NSIG; s++) sigaction(s, &action, NULL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        // The first terminal that a session's leader opens becomes the session's own.
        if (setsid() < 0) _exit(126);
        int slave = open(name, O_RDWR);
        if (slave < 0 || dup2(slave, 0) < 0 || dup2(slave, 1) < 0 || dup2(slave, 2) < 0) _exit(126);
        syscall(SYS_close_range, 3u, ~0u, 0u);
        execve(path, arguments, environment);
        _exit(127);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) {
        close(fd);
        errno = error;
        return -1;
    }
    *master = fd;
    return pid;
}
