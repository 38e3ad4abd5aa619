// A report that can be laid out anew: its document as a file, its figures as they were drawn, its words apart.
//
// `lumir report RUN` reads them: whoever has changed words in report.md gets slides and a page with those, and nothing
// is computed again.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "report/document.h"
#include "report/recorded_figure.h"

namespace lumir::report {

inline constexpr const char* kLayoutFile = "report.layout";
inline constexpr const char* kWordsFile = "report.md";

/// The figures of a document, in the order in which they stand.
using Recorders = std::vector<std::shared_ptr<const Recorder>>;
/// The document with a Recorder in place of each figure, which are added to the list.
Document recorded(const Document& document, Recorders& recorders);

/// Of a document that recorded() gave, when it has been drawn in all its forms.
Value to_value(const Document& document, const Recorders& recorders);
/// Throws Error where a part is missing.
Document document_from(const Value& value);

/// The words of each slide that has some, under its key: "# findings" and what stands below it, as Markdown.
std::string words_of(const Document& document);
/// With these words in place of its own; throws Error for a key that no slide has.
Document with_words(Document document, const std::string& markdown);

}  // namespace lumir::report
