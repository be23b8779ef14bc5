#ifndef GALLEY_CNCURSES_H
#define GALLEY_CNCURSES_H
// The wide-character functions are declared only with this.
#define NCURSES_WIDECHAR 1
// Macros such as getyx would hide the functions of the same name from Swift.
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>
#endif
