// Decimal numbers as text: the commonest ones, read quickly and exact to the last bit.
//
// Eight digits are taken at a time. A number of at most 19 digits and a power of ten that is near 0 is the product of
// two whole numbers, whose leading 128 bits tell how it rounds: Lemire, Number Parsing at a Gigabyte per Second,
// Software: Practice and Experience 51 (2021); Mushtak and Lemire, Fast Number Parsing Without Fallback (2023).

#pragma once

namespace lumir::data {

/// Reads "-12.5e3" from `at`; answers where it ends, or null where another reader must look: no number begins there, it
/// has more than 19 digits, or its power of ten is below -27 or above 55. What is read is what std::from_chars reads.
const char* read_number(const char* at, const char* end, double& value);

/// The same of a number that ends at `stop`, which is faster: where it ends need not be found out digit by digit. False,
/// where something else stands there or it is not plain ("-12.5": eight digits before the point at most, no exponent).
/// Eight bytes behind `stop`, and behind `at`, must be there to be read.
bool read_whole_number(const char* at, const char* stop, double& value);

}  // namespace lumir::data
