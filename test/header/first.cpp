#include <duet/duet.hpp>

double second();

int main() { return second() == 0 ? 0 : 1; }
