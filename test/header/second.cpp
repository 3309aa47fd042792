#include <duet/duet.hpp>

double second() { return 0; }
