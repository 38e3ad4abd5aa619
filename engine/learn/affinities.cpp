// See affinities.h.

#include "learn/affinities.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "learn/neighbours.h"
#include "learn/points.h"

namespace lumir::learn {
namespace {

/// Gaussian shares of a row's neighbours whose entropy is that of `perplexity` equal ones: by Newton's steps, and by
/// bisection where these leave the bounds.
void find_gaussian_shares(std::span<const double> distances, double perplexity, std::span<double> shares) {
  const double nearest = distances[0] * distances[0];
  const double wanted = std::log(perplexity);
  double precision = 1, low = 0, high = std::numeric_limits<double>::infinity();
  double sum = 0;
  for (int step = 0; step < 100; ++step) {
    sum = 0;
    double weighted = 0, weighted_squares = 0;
    for (size_t n = 0; n < shares.size(); ++n) {
      const double beyond = distances[n] * distances[n] - nearest;
      shares[n] = std::exp(-beyond * precision);
      sum += shares[n];
      weighted += beyond * shares[n];
      weighted_squares += beyond * beyond * shares[n];
    }
    const double mean = weighted / sum;
    const double difference = std::log(sum) + precision * mean - wanted;
    if (std::fabs(difference) <= 1e-5) break;
    (difference > 0 ? low : high) = precision;
    const double next = precision + difference / (precision * (weighted_squares / sum - mean * mean));
    if (next > low && next < high && next < 4 * precision) {
      precision = next;
    } else {
      precision = std::isinf(high) ? precision * 2 : (low + high) / 2;
    }
  }
  for (double& share : shares) share /= sum;
}

/// One end of a link between two rows.
struct Link {
  int other;
  float share;
};

/// Of each row both the links that it has by its own neighbours, and those of the others, in any order.
std::vector<Link> linked_both_ways(const Neighbours& near, double perplexity, std::vector<size_t>& begin) {
  const size_t rows = near.rows.size() / near.k, k = near.k;
  std::vector<double> shares(rows * k);
  for_pieces(rows, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      find_gaussian_shares(near.distances_of(i), perplexity, std::span(shares).subspan(i * k, k));
    }
  });
  begin.assign(rows + 1, k);
  for (const int j : near.rows) ++begin[static_cast<size_t>(j)];
  size_t sum = 0;
  for (size_t& first : begin) first = std::exchange(sum, sum + first);
  std::vector<Link> links(2 * rows * k);
  std::vector<size_t> next = begin;
  const double total = 2 * static_cast<double>(rows);  // the shares of each row sum to 1, and each counts twice
  for (size_t i = 0; i < rows; ++i) {
    for (size_t n = 0; n < k; ++n) {
      const int j = near.rows_of(i)[n];
      const auto share = static_cast<float>(shares[i * k + n] / total);
      links[next[i]++] = {j, share};
      links[next[static_cast<size_t>(j)]++] = {static_cast<int>(i), share};
    }
  }
  return links;
}

}  // namespace

Affinities Affinities::in_order(const std::vector<size_t>& order) const {
  std::vector<int> place_of(order.size());
  for (size_t i = 0; i < order.size(); ++i) place_of[order[i]] = static_cast<int>(i);
  Affinities out;
  out.begin = {0};
  for (const size_t from : order) out.begin.push_back(out.begin.back() + begin[from + 1] - begin[from]);
  out.other.resize(other.size());
  out.share.resize(share.size());
  for_pieces(order.size(), [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      size_t from = begin[order[i]];
      for (size_t to = out.begin[i]; to < out.begin[i + 1]; ++to, ++from) {
        out.other[to] = place_of[static_cast<size_t>(other[from])];
        out.share[to] = share[from];
      }
    }
  });
  return out;
}

Affinities affinities_of(const std::string& who, const Matrix& x, double perplexity) {
  const size_t k = std::min(x.rows - 1, static_cast<size_t>(3 * perplexity + 1));
  std::vector<size_t> begin;
  std::vector<Link> links = linked_both_ways(find_neighbours_within(who, x, k), perplexity, begin);
  std::vector<size_t> count(x.rows);
  for_pieces(x.rows, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      const std::span row(links.data() + begin[i], begin[i + 1] - begin[i]);
      std::sort(row.begin(), row.end(), [](const Link& a, const Link& b) { return a.other < b.other; });
      size_t& kept = count[i];
      for (const Link& link : row) {
        if (kept > 0 && row[kept - 1].other == link.other) {
          row[kept - 1].share += link.share;
        } else {
          row[kept++] = link;
        }
      }
    }
  });
  Affinities out;
  out.begin = {0};
  for (const size_t n : count)
    out.begin.push_back(out.begin.back() + (n + Affinities::kLanes - 1) / Affinities::kLanes * Affinities::kLanes);
  out.other.resize(out.begin.back());
  out.share.resize(out.begin.back());
  for_pieces(x.rows, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      std::fill(out.other.begin() + static_cast<ptrdiff_t>(out.begin[i]),
                out.other.begin() + static_cast<ptrdiff_t>(out.begin[i + 1]), static_cast<int>(i));
      for (size_t n = 0; n < count[i]; ++n) {
        out.other[out.begin[i] + n] = links[begin[i] + n].other;
        out.share[out.begin[i] + n] = links[begin[i] + n].share;
      }
    }
  });
  return out;
}

}  // namespace lumir::learn
