#!/bin/sh
# late_stubs.sh OUT OBJECTS EAGER... -- LATE...: an assembly file that stands in for libraries which are opened late.
#
# OBJECTS is a file with the paths of all objects of a program, one a line. Every function that they call in a library
# of LATE, and that none of EAGER has, becomes a stub: a jump through a slot. At first all slots lead to one piece of code,
# which keeps the arguments, calls lumir_open_late (engine/core/late.cpp) to open the library and fill its slots, and
# goes on to where it was wanted. From then on a call costs one jump, as one through the linker's own table does.
# Without LATE the tables are empty.
set -e
out=$1
objects=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

symbols_of() { nm -D --defined-only "$1" | awk '{ sub(/@.*/, "", $3); print $3, $2 }'; }

grep '\.o$' "$objects" | xargs nm -P | awk '$2 == "U" { wanted[$1] } $2 ~ /^[A-TV-Zui]$/ { own[$1] }
  END { for (name in wanted) if (!(name in own)) print name }' >"$work/wanted"
: >"$work/known"
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  symbols_of "$1" >>"$work/known"
  shift
done
[ $# -eq 0 ] || shift

: >"$work/stubs" # library's number, name
: >"$work/libraries"
number=0
for library in "$@"; do
  symbols_of "$library" >"$work/has"
  awk -v number="$number" -v library="$library" '
    FILENAME ~ /\/known$/ { known[$1]; next }
    FILENAME ~ /\/wanted$/ { if (!($1 in known)) wanted[$1]; next }
    $1 in wanted && $2 !~ /^[TWi]$/ { print library ": " $1 " is data, which cannot wait: link it at once" >"/dev/stderr"; exit 1 }
    $1 in wanted { print number, $1 }' "$work/known" "$work/wanted" "$work/has" | sort >"$work/of_library"
  if [ -s "$work/of_library" ]; then
    cat "$work/of_library" >>"$work/stubs"
    cat "$work/has" >>"$work/known"
    readelf -d "$library" | awk '/SONAME/ { gsub(/[][]/, "", $NF); print $NF }' >>"$work/libraries"
    number=$((number + 1))
  fi
done

{
  echo '	.text'
  awk '{ printf "\t.globl %s\n\t.hidden %s\n\t.type %s, @function\n%s:\n", $2, $2, $2, $2
         printf "\tjmp *lumir_late_slots+%d(%%rip)\n", 8 * (NR - 1)
         printf ".Lfirst%d:\n\tlea lumir_late_slots+%d(%%rip), %%r11\n\tjmp .Lopen\n", NR, 8 * (NR - 1) }' "$work/stubs"
  if [ -s "$work/stubs" ]; then
    cat <<'CODE'
.Lopen:
	.cfi_startproc
	pushq %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq %rsp, %rbp
	.cfi_def_cfa_register %rbp
	subq $192, %rsp
	movq %rax, (%rsp)
	movq %rdi, 8(%rsp)
	movq %rsi, 16(%rsp)
	movq %rdx, 24(%rsp)
	movq %rcx, 32(%rsp)
	movq %r8, 40(%rsp)
	movq %r9, 48(%rsp)
	movq %r11, 56(%rsp)
	movups %xmm0, 64(%rsp)
	movups %xmm1, 80(%rsp)
	movups %xmm2, 96(%rsp)
	movups %xmm3, 112(%rsp)
	movups %xmm4, 128(%rsp)
	movups %xmm5, 144(%rsp)
	movups %xmm6, 160(%rsp)
	movups %xmm7, 176(%rsp)
	movq %r11, %rdi
	call lumir_open_late
	movups 64(%rsp), %xmm0
	movups 80(%rsp), %xmm1
	movups 96(%rsp), %xmm2
	movups 112(%rsp), %xmm3
	movups 128(%rsp), %xmm4
	movups 144(%rsp), %xmm5
	movups 160(%rsp), %xmm6
	movups 176(%rsp), %xmm7
	movq (%rsp), %rax
	movq 8(%rsp), %rdi
	movq 16(%rsp), %rsi
	movq 24(%rsp), %rdx
	movq 32(%rsp), %rcx
	movq 40(%rsp), %r8
	movq 48(%rsp), %r9
	movq 56(%rsp), %r11
	leave
	.cfi_def_cfa %rsp, 8
	jmp *(%r11)
	.cfi_endproc
CODE
  fi
  printf '\t.data\n\t.balign 8\n\t.globl lumir_late_slots\n\t.hidden lumir_late_slots\nlumir_late_slots:\n'
  awk '{ printf "\t.quad .Lfirst%d\n", NR }' "$work/stubs"
  printf '\t.section .rodata\n\t.globl lumir_late_libraries\n\t.hidden lumir_late_libraries\nlumir_late_libraries:\n'
  awk '{ printf "\t.asciz \"%s\"\n", $1 } END { print "\t.byte 0" }' "$work/libraries"
  printf '\t.globl lumir_late_names\n\t.hidden lumir_late_names\nlumir_late_names:\n'
  awk '{ printf "\t.byte %d\n\t.asciz \"%s\"\n", $1 + 1, $2 } END { print "\t.byte 0" }' "$work/stubs"
  printf '\t.section .note.GNU-stack,"",@progbits\n'
} >"$out"
