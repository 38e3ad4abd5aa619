// See onnx.h. Numbers of fields and of types are those of onnx.proto.

#include "model/onnx.h"

#include <bit>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "core/version.h"

namespace lumir::model {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

constexpr int kTextType = 8;  // TensorProto.STRING
constexpr int kFileVersion = 8;

int type_number(OnnxElement type) {
  if (!type) return kTextType;
  switch (*type) {
    case ElementType::float32: return 1;
    case ElementType::uint8: return 2;
    case ElementType::int8: return 3;
    case ElementType::uint16: return 4;
    case ElementType::int16: return 5;
    case ElementType::int32: return 6;
    case ElementType::int64: return 7;
    case ElementType::boolean: return 9;
    case ElementType::float16: return 10;
    case ElementType::float64: return 11;
    case ElementType::uint32: return 12;
    case ElementType::uint64: return 13;
    case ElementType::complex64: return 14;
    case ElementType::complex128: return 15;
    case ElementType::bfloat16: return 16;
  }
  throw std::logic_error("a type of elements that ONNX has no number for");
}

/// TensorProto: dims = 1, data_type = 2, string_data = 6, name = 8, raw_data = 9.
ProtoMessage tensor_message(const Array& array, const std::string& name) {
  const auto bytes = array.bytes();
  ProtoMessage tensor;
  tensor.wholes(1, array.shape()).whole(2, type_number(array.type())).text(8, name);
  return tensor.text(9, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// ValueInfoProto: name = 1, type = 2; TypeProto.tensor_type = 1: elem_type = 1, shape = 2; dim = 1:
/// dim_value = 1, dim_param = 2.
ProtoMessage value_message(const std::string& name, OnnxElement type, const OnnxShape& sizes) {
  ProtoMessage shape;
  for (const OnnxSize& size : sizes) {
    ProtoMessage dimension;
    if (size.number < 0) {
      dimension.text(2, size.name);
    } else {
      dimension.whole(1, size.number);
    }
    shape.message(1, dimension);
  }
  ProtoMessage tensor, any;
  tensor.whole(1, type_number(type)).message(2, shape);
  any.message(1, tensor);
  return ProtoMessage().text(1, name).message(2, any);
}

/// AttributeProto: name = 1, f = 2, i = 3, s = 4, t = 5, g = 6, ints = 8, strings = 9, type = 20.
struct AttributeWriter {
  ProtoMessage& to;
  void operator()(int64_t number) const { to.whole(3, number).whole(20, 2); }
  void operator()(float number) const { to.real(2, number).whole(20, 1); }
  void operator()(const std::string& text) const { to.text(4, text).whole(20, 3); }
  void operator()(const Array& array) const { to.message(5, tensor_message(array, "")).whole(20, 4); }
  void operator()(const std::shared_ptr<const OnnxGraph>& graph) const {
    to.message(6, graph->message("body")).whole(20, 5);
  }
  void operator()(const std::vector<int64_t>& numbers) const {
    for (const int64_t number : numbers) to.whole(8, number);
    to.whole(20, 7);
  }
  void operator()(const std::vector<std::string>& words) const {
    for (const auto& word : words) to.text(9, word);
    to.whole(20, 8);
  }
};

/// OperatorSetIdProto: domain = 1, version = 2.
ProtoMessage operators(const std::string& domain, int version) {
  return ProtoMessage().text(1, domain).whole(2, version);
}

void check_size(size_t bytes) {
  constexpr size_t kMost = 2147483647;
  if (bytes <= kMost) return;
  throw ArgumentError("onnx: the file would hold " + std::to_string(bytes / 1000000) +
                      " MB, and a file of ONNX holds 2,147 MB at most");
}

}  // namespace

std::string OnnxGraph::fresh() {
  std::string name;
  do {
    name = prefix_ + std::to_string(++count_);
  } while (reserved_.contains(name));
  return name;
}

std::string OnnxGraph::input(const std::string& name, OnnxElement type, const OnnxShape& shape) {
  inputs_.push_back(value_message(name, type, shape));
  return name;
}

void OnnxGraph::output(const std::string& name, const std::string& value, OnnxElement type, const OnnxShape& shape) {
  nodes_.push_back(ProtoMessage().text(1, value).text(2, name).text(4, "Identity"));
  outputs_.push_back(value_message(name, type, shape));
}

std::string OnnxGraph::constant(const Array& numbers) { return named_constant(fresh(), numbers); }

std::string OnnxGraph::named_constant(const std::string& name, const Array& numbers) {
  constants_.push_back({name, numbers});
  return name;
}

std::string OnnxGraph::constant(const std::vector<int64_t>& numbers, const std::vector<int64_t>& shape) {
  return constant(whole_array(numbers, shape));
}

std::string OnnxGraph::constant(const std::vector<std::string>& words) {
  const std::string name = fresh();
  constants_.push_back({name, words});
  return name;
}

size_t OnnxGraph::constant_bytes() const {
  size_t bytes = 0;
  for (const auto& constant : constants_) {
    if (const auto* array = std::get_if<Array>(&constant.content)) bytes += array->bytes().size();
  }
  return bytes;
}

ProtoMessage OnnxGraph::message_of(const Constant& constant) {
  if (const auto* array = std::get_if<Array>(&constant.content)) return tensor_message(*array, constant.name);
  const auto& words = std::get<std::vector<std::string>>(constant.content);
  ProtoMessage tensor;
  tensor.whole(1, static_cast<int64_t>(words.size())).whole(2, kTextType).text(8, constant.name);
  for (const auto& word : words) tensor.text(6, word);
  return tensor;
}

std::string OnnxGraph::add(const std::string& op, const std::vector<std::string>& inputs,
                           const OnnxAttributes& attributes) {
  return add(op, 1, inputs, attributes).front();
}

/// NodeProto: input = 1, output = 2, name = 3, op_type = 4, attribute = 5, domain = 7.
std::vector<std::string> OnnxGraph::add(const std::string& op, size_t outputs, const std::vector<std::string>& inputs,
                                        const OnnxAttributes& attributes, const std::string& domain) {
  ProtoMessage node;
  std::vector<std::string> made;
  for (const auto& name : inputs) node.text(1, name);
  for (size_t i = 0; i < outputs; ++i) node.text(2, made.emplace_back(fresh()));
  node.text(3, (place_.empty() ? "" : place_ + "/") + op + " " + made.front()).text(4, op);
  for (const auto& [name, value] : attributes) {
    ProtoMessage attribute;
    attribute.text(1, name);
    std::visit(AttributeWriter{attribute}, value);
    node.message(5, attribute);
  }
  if (!domain.empty()) node.text(7, domain);
  nodes_.push_back(std::move(node));
  return made;
}

std::string OnnxGraph::cast(const std::string& value, ElementType type) {
  return add("Cast", {value}, {{"to", int64_t{type_number(type)}}});
}

/// GraphProto: node = 1, name = 2, initializer = 5, input = 11, output = 12.
ProtoMessage OnnxGraph::message(const std::string& name) const {
  ProtoMessage graph;
  for (const auto& node : nodes_) graph.message(1, node);
  graph.text(2, name);
  for (const auto& constant : constants_) graph.message(5, message_of(constant));
  for (const auto& value : inputs_) graph.message(11, value);
  for (const auto& value : outputs_) graph.message(12, value);
  return graph;
}

Array whole_array(const std::vector<int64_t>& numbers, const std::vector<int64_t>& shape) {
  const auto kept = std::make_shared<const std::vector<int64_t>>(numbers);
  return {ElementType::int64, shape, std::as_bytes(std::span(*kept)), kept};
}

/// ModelProto: ir_version = 1, producer_name = 2, producer_version = 3, graph = 7, opset_import = 8,
/// metadata_props = 14 (key = 1, value = 2).
std::string onnx_bytes(const OnnxGraph& graph, const std::map<std::string, std::string>& words) {
  check_size(graph.constant_bytes());
  ProtoMessage model;
  model.whole(1, kFileVersion).text(2, "lumir").text(3, version()).message(7, graph.message("lumir"));
  model.message(8, operators("", kOnnxOperators)).message(8, operators(kLearnersDomain, kOnnxLearners));
  for (const auto& [key, value] : words) model.message(14, ProtoMessage().text(1, key).text(2, value));
  check_size(model.bytes().size());
  return model.bytes();
}

}  // namespace lumir::model
