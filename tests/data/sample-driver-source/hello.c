// The smallest program: no imports, returns 0. Returning from the entry point ends the only thread,
// and with it the process.
int entry(void) { return 0; }
