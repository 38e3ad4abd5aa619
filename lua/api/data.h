// What datasets and tables have in common as Lua sees them: how they are split, and how their rows are chosen.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bind/bind.h"
#include "data/split.h"

namespace lumir::lua {

List words_list(const std::vector<std::string>& words);

/// split 'last_album', split('official', { leak = 'allowed' }), split { hold = 0.2, by = 'album' }: arguments 2 and 3.
data::Split split_at(Call& call, const data::Dataset& songs);
/// A split in a recipe is shown and recorded, its sides are written as lists.
void note_split(lua_State* L, const data::Split& split);
void note_folds(lua_State* L, const std::vector<data::Split>& folds);
/// "5 folds of 43 rows"
std::string folds_text(const std::vector<data::Split>& folds);
/// The words of a method `split` of `variable`, which gives two or three of `kind`.
Describe split_words(const std::string& kind, const std::string& variable);

/// What `where` and `without` ask of each row: argument 3, a value, a list of them, or a function. `values` are those of
/// the column, argument 2. Throws ArgumentError for a value that no row has: a misspelt artist must not pass for one
/// without songs.
std::vector<bool> rows_where(Call& call, const std::vector<Value>& values, bool wanted);
/// The arguments of `where` and `without`.
Schema where_parameters();

/// Argument 1 of the functions that read corpora and tables: a path, or a sample, which is made now.
std::string folder_at(Call& call, int i);

extern const char* const kWrittenTable;
/// The words of a method `batches` of `variable`.
Describe batches_words(const std::string& variable);

}  // namespace lumir::lua
