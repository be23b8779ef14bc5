#ifndef GALLEY_CPOSTGRES_H
#define GALLEY_CPOSTGRES_H
#include <libpq-fe.h>
#endif
