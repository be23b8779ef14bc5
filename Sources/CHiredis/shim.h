#ifndef GALLEY_CHIREDIS_H
#define GALLEY_CHIREDIS_H
#include <hiredis/hiredis.h>
#include <hiredis/read.h>
#endif
