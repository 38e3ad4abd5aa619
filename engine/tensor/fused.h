// Whether kernels of our own stand in for operators of LibTorch: they do, unless LUMIR_FUSED=off.

#pragma once

namespace lumir::tensor {

/// Throws ArgumentError for a LUMIR_FUSED that is neither 'on' nor 'off'.
bool fused_kernels();
/// From now on, whatever LUMIR_FUSED says.
void use_fused_kernels(bool use);

}  // namespace lumir::tensor
