// Answers every byte of its terminal with one visible change: what the benchmark itself costs a key press.
#include <termios.h>
#include <unistd.h>

int main(void) {
    struct termios raw;
    tcgetattr(0, &raw);
    cfmakeraw(&raw);
    tcsetattr(0, TCSANOW, &raw);
    char byte, shown[] = "\ra";
    if (write(1, "ready", 5) != 5) return 1;
    while (read(0, &byte, 1) == 1) {
        shown[1] = shown[1] == 'a' ? 'b' : 'a';
        if (write(1, shown, 2) != 2) return 1;
    }
    return 0;
}
