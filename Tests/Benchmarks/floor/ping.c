// PING over a plain socket to a Redis port; the line on standard input, if any, is AUTH's arguments.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ask(int socket, const char *text) {
    char answer[512];
    if (write(socket, text, strlen(text)) < 0) return -1;
    return read(socket, answer, sizeof answer) > 0 && answer[0] == '+' ? 0 : -1;
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int count = atoi(argv[2]), yes = 1, tcp = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(tcp, (struct sockaddr *)&address, sizeof address) != 0) return 1;
    char names[300], line[320];
    if (fgets(names, sizeof names, stdin) && names[0] != '\n') {
        names[strcspn(names, "\n")] = 0;
        snprintf(line, sizeof line, "AUTH %s\r\n", names);
        if (ask(tcp, line) != 0) return 1;
    }
    for (int i = 0; i < count; i++) {
        long long start = now();
        if (ask(tcp, "PING\r\n") != 0) return 1;
        printf("%lld\n", now() - start);
    }
    return 0;
}
