// ONNX: a graph of operators that other programs run. What learners and networks are made of is put into one here; the
// bytes are those of onnx/onnx.proto (onnx.ai), versions kOnnxOperators and kOnnxLearners of the operators.
//
//   OnnxGraph graph;
//   const auto x = graph.input("rows", ElementType::float64, {-1, 12});
//   const auto y = graph.add("Gemm", {x, graph.constant(coef), graph.constant(intercept)}, {{"transB", 1}});
//   graph.output("scores", y, ElementType::float64, {-1, 3});
//   write_file("borders.onnx", onnx_bytes(graph, {{"label", "genre"}}));

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/protobuf.h"
#include "core/state.h"

namespace lumir::model {

/// Of the default domain, which ONNX 1.12 and ONNX Runtime 1.12 (2022) know.
constexpr int kOnnxOperators = 17;
/// Of the domain ai.onnx.ml.
constexpr int kOnnxLearners = 3;
inline const std::string kLearnersDomain = "ai.onnx.ml";

/// The type of elements; nothing for text.
using OnnxElement = std::optional<ElementType>;

/// How many there are of something along one axis: a number, or as many as come, under a name.
struct OnnxSize {
  int64_t number = -1;
  std::string name = "n";
  OnnxSize(int64_t fixed) : number(fixed) {}           // NOLINT(google-explicit-constructor): sizes are mostly numbers
  OnnxSize(std::string any) : name(std::move(any)) {}  // NOLINT(google-explicit-constructor)
};
/// -1 in a shape stands for any number.
using OnnxShape = std::vector<OnnxSize>;

class OnnxGraph;
using OnnxAttribute = std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<std::string>, Array,
                                   std::shared_ptr<const OnnxGraph>>;
using OnnxAttributes = std::map<std::string, OnnxAttribute>;

/// Values have names; those that the graph makes up begin with its prefix, which tells a body from the graph around it.
class OnnxGraph {
 public:
  explicit OnnxGraph(std::string prefix = "v") : prefix_(std::move(prefix)) {}

  /// Names that none of the values made up may have.
  void reserve(const std::vector<std::string>& names) { reserved_.insert(names.begin(), names.end()); }

  std::string input(const std::string& name, OnnxElement type, const OnnxShape& shape);
  void output(const std::string& name, const std::string& value, OnnxElement type, const OnnxShape& shape);
  /// What the nodes to come belong to ("trunk.3"); their names begin with it.
  void set_place(std::string place) { place_ = std::move(place); }

  std::string constant(const Array& numbers);
  /// Under a name of its own: a network's weight.
  std::string named_constant(const std::string& name, const Array& numbers);
  /// int64.
  std::string constant(const std::vector<int64_t>& numbers, const std::vector<int64_t>& shape);
  std::string constant(const std::vector<std::string>& words);

  /// A node; what comes out of it.
  std::string add(const std::string& op, const std::vector<std::string>& inputs, const OnnxAttributes& attributes = {});
  std::vector<std::string> add(const std::string& op, size_t outputs, const std::vector<std::string>& inputs,
                               const OnnxAttributes& attributes, const std::string& domain = "");

  std::string cast(const std::string& value, ElementType type);
  /// The numbers or truths of a value as float64.
  std::string to_double(const std::string& value) { return cast(value, ElementType::float64); }

  /// Bytes of all constants.
  size_t constant_bytes() const;

  /// The message GraphProto.
  ProtoMessage message(const std::string& name) const;

 private:
  std::string fresh();

  struct Constant {
    std::string name;
    std::variant<Array, std::vector<std::string>> content;
  };
  static ProtoMessage message_of(const Constant& constant);

  std::string prefix_, place_;
  std::set<std::string> reserved_;
  int count_ = 0;
  std::vector<Constant> constants_;
  std::vector<ProtoMessage> nodes_, inputs_, outputs_;
};

/// An int64 array of a graph's attribute.
Array whole_array(const std::vector<int64_t>& numbers, const std::vector<int64_t>& shape);

/// A whole model file; `words` are said in its metadata. Throws ArgumentError where it would be larger than the 2 GB that
/// a message of protocol buffers holds.
std::string onnx_bytes(const OnnxGraph& graph, const std::map<std::string, std::string>& words);

}  // namespace lumir::model
