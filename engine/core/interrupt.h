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
/// Whether one has come that need not wait.
bool interrupted();
void clear_interrupt();
/// Throws Interrupted if one has come that need not wait.
void check_interrupt();

/// From here on the first interrupt waits, a minute at most: what must not be torn apart, such as the step of a
/// training, comes to its end. A second one leaves as ever.
void hold_interrupts();
/// None waits any more; one that did does now what it does when it arrives.
void release_interrupts();

}  // namespace lumir
