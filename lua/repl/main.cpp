#include <cstdio>
int main() { std::puts("lumir"); }
