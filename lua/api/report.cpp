// lumir.report: figures as objects, the report of an experiment, and the run's own folder.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "api/figures.h"
#include "api/report.h"
#include "api/run.h"
#include "bind/run.h"
#include "core/random.h"
#include "core/readable.h"
#include "core/terminal.h"
#include "core/text.h"
#include "evaluate/vote.h"
#include "learn/tsne.h"
#include "model/model_file.h"
#include "nn/network.h"
#include "report/space_figure.h"

namespace lumir::lua {
namespace {

using report::FigurePtr;

constexpr const char* kModelFile = "model.safetensors";

struct SaveOptions {
  std::optional<std::string> medium;
  static Schema schema() {
    return {Option{"medium", &SaveOptions::medium,
                   "what sizes are made for: a slide, a column or a page of a paper; 'none': as it was made",
                   Choices{"slide", "column", "page"}}};
  }
};

/// figure:save('x.png' | 'x.svg' | 'x.pdf', { medium = 'column' }) -> path
int save_figure(Call& call) {
  call.at_most(3);
  const std::string path = output_path(call.L, call.path(2));
  const auto medium = call.options<SaveOptions>(3).medium;
  report::save(*call.object<FigurePtr>(1), path, medium ? std::optional(medium_of(*medium)) : std::nullopt);
  return call.push(path);
}

const Class<FigurePtr> figure_class =
    Class<FigurePtr>("Figure", "A picture of data that goes to a slide, a page, a file or a column of a paper.",
                     "figure")
        .text([](const FigurePtr& figure) {
          return "Figure " + figure->name + (figure->title.empty() ? "" : "  " + figure->title);
        })
        .field("title", [](const FigurePtr& figure) { return Value(figure->title); },
               {.summary = "What stands above it.", .returns = "text"})
        .field("caption", [](const FigurePtr& figure) { return Value(figure->caption); },
               {.summary = "A sentence on what is to be seen, under it in a report.", .returns = "text"})
        .method("save", save_figure,
                {.summary = "Writes it; the ending .png, .svg or .pdf is the format. A recipe's relative paths lie in "
                            "its run folder.",
                 .returns = "the path that was written",
                 .example = "figure:save(place .. '/figure.svg', { medium = 'column' })",
                 .parameters = with_arguments({{"path", "text", "the file"}}, schema_of<SaveOptions>())});

Map facts(const std::vector<report::Fact>& list) {
  Map map;
  for (const auto& [name, value] : list) map[name] = value;
  return map;
}

/// Made when the recipe has read its options: the folder and a first run.json, so that a run that fails is on record.
int begin(Call& call) {
  auto& record = run_record(call.L);
  record.set("options", run_of(call.L).options);
  record.set("seeds", Map{{"lumir", static_cast<double>(global_seed())}});
  record.set("machine", facts(report::machine_facts()));
  record.set("git", report::git_state("."));
  record.write();
  return 0;
}

/// False for a network without parameters, such as one that answers scores of another run.
bool has_learnt(const model::Model& learner) {
  const auto network = nn::module_of(learner);
  return !network || nn::count_parameters(*network) > 0;
}

/// The best model of the headline is kept, unless a submission was made with another; answers what the file holds.
std::string saved_model(lua_State* L, const std::vector<JudgedPtr>& tables) {
  if (!recipe_is_running(L)) return "";
  auto& saved = session_of(L).saved;
  if (!saved && !tables.empty()) {
    const ModelPtr& best = tables.front()->models.at(tables.front()->results.models.front().name);
    if (has_learnt(*best)) keep_model(L, best);
  }
  if (!saved) return "";
  auto& record = run_record(L);
  Map model = *record.value()["model"].map();
  for (const auto& table : tables) {
    for (const auto& [name, learner] : table->models) {
      if (is_same(*learner, *saved)) model["name"] = name;
    }
  }
  record.set("model", model);
  return *model["name"].text();
}

/// What run.json says of the searches, and how long fits took.
void complete_record(report::RunRecord& record, const report::Experiment& experiment) {
  record.set("seeds", Map{{"lumir", static_cast<double>(global_seed())}});  // the recipe has set it by now
  record.set("searches", report::searches_value(experiment));
  if (experiment.synthetic) record.set("synthetic", true);  // what a later run that reads this one asks
  if (experiment.results) {
    for (const auto& model : experiment.results->models) record.add_seconds("fit " + model.name, model.fit_seconds);
  }
  List trainings;
  for (const auto& training : experiment.trainings) trainings.push_back(facts(training));
  if (!trainings.empty()) record.set("trainings", trainings);
  record.log("report", {{"title", experiment.title}});
  record.write();
}

/// report('Who is singing?', { opt, songs, describe, results, figure, findings = [[...]] })
int write_report(Call& call) {
  call.at_most(2);
  Parts parts;
  auto& experiment = parts.experiment;
  experiment.title = call.text(1, "title");
  if (!call.is_table(2)) call.wrong(2, "parts", "a table");
  experiment.recipe = run_of(call.L).recipe;
  auto& record = run_record(call.L);
  experiment.student = student(call.L);
  experiment.synthetic = session_of(call.L).synthetic;
  add_record(record.value(), experiment);
  add_texts_and_items(call, parts);
  const auto tables = finish(parts);
  auto reported = tables;
  reported.insert(reported.end(), parts.folds.begin(), parts.folds.end());
  record_reported(call.L, reported);
  experiment.saved = saved_model(call.L, tables);
  experiment.machine = report::machine_facts();
  experiment.machine.emplace_back("seed", show_number(static_cast<double>(global_seed())));
  if (parts.audio) add_sounds(experiment, record.folder());
  if (!parts.fold_scores.empty()) record.set("folds", parts.fold_scores);
  const report::Written written = report::write_report(experiment, record.folder());
  complete_record(record, experiment);
  const std::string pdf = record.folder() + "/" + written.pdf, html = record.folder() + "/" + written.html;
  tell("report       " + pdf + "          " + std::to_string(written.slides) + " slides" +
       (experiment.synthetic ? ", synthetic sample" : "") + "\n             " + html);
  return call.push(Value(Map{{"pdf", pdf}, {"html", html}}));
}

/// t-SNE shows rows as they are: the parts of a recording need not lie together.
std::string what_a_point_is(const evaluate::Recordings& recordings) {
  if (recordings.whole()) return "Each point is one recording";
  size_t rows = 0;
  for (const auto& parts : recordings.parts) rows += parts.size();
  return "Each point is one of " + show_count(static_cast<long>(rows)) + " parts of " +
         show_count(static_cast<long>(recordings.size())) + " recordings,";
}

/// How the picture is reckoned, and what tells it from another one.
struct TsneFigureOptions : learn::TSNEOptions {
  std::string title;
  std::string layer;
  static Schema schema() {
    return extend(
        learn::TSNEOptions::schema(),
        Option{"title", &TsneFigureOptions::title, "stands behind the figure's own: 'after epoch 1'"},
        Option{"layer", &TsneFigureOptions::layer,
               "of a network: the path of a part, whose flattened outputs are shown in place of what the last "
               "part with weights gets"});
  }
};

/// report.tsne(model, data, { perplexity, title }) -> Figure
int tsne(Call& call) {
  const data::Table table = described_at(call, 2, "data");
  const auto learner = model_at(call, 1, &table);
  model::check_predictor(*learner, call.who());
  model::check_columns(*learner, table, call.who());
  auto options = call.map(3, "options");
  if (!options.contains("perplexity")) {  // scikit-learn's 30 where there are rows enough, else what few rows bear
    options["perplexity"] = std::clamp((static_cast<double>(table.rows()) - 1) / 3, 1.0, 30.0);
  }
  const auto tsne_options = read_options<TsneFigureOptions>(options, call.who());
  model::check_chain(*learner, table, call.who());
  const auto embedding =
      learn::tsne(tsne_options.layer.empty() ? learner->estimator->seen(table)
                                             : nn::outputs_of(*learner, tsne_options.layer, table, call.who()),
                  tsne_options);
  if (const auto network = nn::module_of(*learner)) nn::remember_judged(*network, table);
  const auto recordings = evaluate::recordings_of(table, {});
  session_of(call.L).recordings.place("tsne", table, embedding.points);
  write_recordings(call.L);
  std::vector<std::string> classes;
  for (const auto& name : table.classes) classes.push_back(visible(name));
  const auto figure = report::cloud_figure(embedding.points, table.y, classes, table.label,
                                           {"t-SNE 1 (no unit)", "t-SNE 2 (no unit)", "t-SNE 3 (no unit)"});
  figure->name = "tsne";
  figure->title = "t-SNE by " + (table.label.empty() ? "class" : table.label) +
                  (tsne_options.layer.empty() ? "" : ", layer " + visible(tsne_options.layer)) +
                  (tsne_options.title.empty() ? "" : ", " + visible(tsne_options.title)) +
                  (table.synthetic ? " (synthetic sample)" : "");
  figure->caption = what_a_point_is(recordings) + " as " +
                    (tsne_options.layer.empty() ? "the model" : "layer " + visible(tsne_options.layer)) +
                    " sees it; near points are alike. Perplexity " +
                    show_number(std::round(tsne_options.perplexity * 10) / 10) + ", Kullback-Leibler divergence " +
                    show_score(embedding.kl_divergence) + ".";
  return call.push(FigurePtr(figure));
}

constexpr const char* kReportParts =
    "in any order. Words for slides stand by key, in Markdown (lists, tables, **bold**, `code`, $formulas$), where the "
    "report has none of its own or yours say it better: novelty, data, method, training, models, results, findings, "
    "analysis, overfitting, discussion, details; another key is a slide of its own. On the cover: subtitle, author, "
    "link. appendix = false leaves out the slides behind the twelve that tell the experiment; audio = true puts clips "
    "of the recordings that were confused beside the page";

const Module report_module =
    Module("report")
        .call(write_report,
              {.summary = "Writes a report into the run's folder: slides as .pdf, a page as .html, the figures. What a "
                          "part is, its type says: a dataset, a chain, results, figures, options.",
               .returns = "a table: pdf and html, the paths of both",
               .example = "report('Who is singing?', { songs, results, findings = 'Both models agree.' })",
               .source = "Lumir's own",
               .parameters = {argument("title", "text", "stands on the first slide"),
                              argument("parts", "table", kReportParts)}})
        .function("tsne", tsne,
                  {.summary = "The rows as the model sees them, scaled and selected, laid out in a plane or a space so "
                              "that near points are alike.",
                   .returns = "a Figure",
                   .example = "report.tsne(model, table)",
                   .source = "van der Maaten and Hinton, Visualizing Data using t-SNE (2008)",
                   .parameters = with_arguments(
                       {{"model", "Estimator", "a fitted classifier"}, {"data", "table", "a Table or a Dataset"}},
                       schema_of<TsneFigureOptions>())})
        .function("folder", [](Call& call) { return call.push(run_record(call.L).folder()); },
                  {.summary = "The folder of this run, made when first asked for: runs/RECIPE/NUMBER.",
                   .returns = "text",
                   .example = "report.folder()",
                   .source = "Lumir's own"});

/// redraw_report(folder) -> pdf, html, slides
int redraw(Call& call) {
  const report::Written written = report::redraw_report(call.text(1, "folder"));
  call.push(written.pdf);
  call.push(written.html);
  call.push(written.slides);
  return 3;
}

/// lumir.options begins the run, `lumir report` draws one anew; users have no use for either.
const Module run_module("core", [](ModuleTable& module) {
  module.function("begin_run", begin);
  module.function("redraw_report", redraw);
});

}  // namespace

std::string student(lua_State* L) {
  const Map& flags = run_of(L).flags;
  const auto found = flags.find("student");
  return found == flags.end() ? "" : *found->second.text();
}

void keep_model(lua_State* L, const ModelPtr& learner) {
  const model::Model chosen = model::chosen(*learner);
  model::save_model(output_path(L, kModelFile), chosen);
  session_of(L).saved = learner;
  run_record(L).set("model", Map{{"file", kModelFile},
                                 {"name", short_name(*learner->estimator)},
                                 {"settings", learner->estimator->settings()}});
}

void tell(const std::string& lines) { std::puts(for_terminal(lines).c_str()); }

}  // namespace lumir::lua
