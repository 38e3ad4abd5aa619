// Ctrl-C, as a flag that every loop of more than 50 ms looks at.

#pragma once

namespace lumir {

/// Installs the SIGINT and SIGTERM handlers: the first sets the flag and acknowledges on stderr, a second leaves with
/// status 130 (128 + 15 for SIGTERM). Files stay intact, because they appear by rename.
void catch_interrupts();
/// Called inside the signal handler at the first Ctrl-C: only what is safe there.
void on_interrupt(void (*also)());
/// While nothing runs (a prompt waits for a line) Ctrl-C sets the flag without a word, however often; SIGTERM leaves.
void rest_from_interrupts(bool rest);
bool interrupted();
void clear_interrupt();
/// Throws Interrupted if the flag is set.
void check_interrupt();

}  // namespace lumir
