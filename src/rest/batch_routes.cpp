#include "rest/batch_routes.h"

#include <optional>

#include "rest/admission.h"
#include "rest/error_answer.h"
#include "rest/routes.h"
#include "services/objects/object_renderer.h"

namespace parsimony::batch_routes {
namespace {

constexpr std::size_t kMaxRequests = 10'000;

[[noreturn]] void refuse(const std::string& message) { throw Error(error_code::kInvalidJson, message); }

struct Item {
  ApiRequest request;
  const Route* route = nullptr;
  std::string answer;  // JSON
};

std::string path_below_mount(const std::string& path, const RestSettings& settings) {
  const std::string& mount = settings.mount_path;
  if (!path.starts_with(mount + "/")) refuse("cannot route batch path " + path);
  return path.substr(mount.size());
}

Item read_item(const RestContext& context, const Json& json, const ApiRequest& outer) {
  const RestSettings& settings = context.settings;
  const std::string* path = find_string(json, "path");
  const std::string* method = find_string(json, "method");
  if (!path) refuse("batch request path must be a string");
  Item item;
  item.request.caller = outer.caller;
  item.request.method = method ? *method : "undefined";
  item.request.path = path_below_mount(*path, settings);
  require_allowed_path(item.request, settings);
  const Json* body = find_member(json, "body");
  if (body && (body->is_object() || body->is_array())) item.request.body = *body;
  item.route = find_route(rest_routes(), item.request);
  if (!item.route) refuse("cannot route " + item.request.method + " " + item.request.path);
  if (item.route->handle == &run) refuse("nested batch requests are not allowed");
  if (outer.http) count_item(context, outer.caller, {item.request.method, item.request.path, *outer.http, item.route->signs_in});
  return item;
}

std::vector<Item> read_items(const RestContext& context, const ApiRequest& request) {
  const std::optional<std::int64_t> limit = context.services.settings.batch_request_limit;
  const Json* requests = find_member(request.body, "requests");
  if (!requests || !requests->is_array()) refuse("requests must be an array");
  if (requests->size() > kMaxRequests) refuse("a batch holds at most " + std::to_string(kMaxRequests) + " requests");
  if (!request.caller.is_master && limit && requests->size() > static_cast<std::size_t>(*limit)) {
    refuse("Batch request contains " + std::to_string(requests->size()) + " sub-requests, which exceeds the limit of " +
           std::to_string(*limit) + ".");
  }
  std::vector<Item> items;
  for (const Json& json : *requests) items.push_back(read_item(context, json, request));
  return items;
}

std::string success(const std::string& body) { return "{\"success\":" + body + "}"; }
std::string failure(const std::exception_ptr& error) { return "{\"error\":" + to_json_text(error_body(error)) + "}"; }

// Runs the items in order. Writes that follow each other are committed together; a read in between sees what came before it.
class ItemRunner {
 public:
  ItemRunner(const RestContext& context, std::vector<Item>& items) : context_(context), items_(items) {}

  void run_each() {
    for (Item& item : items_) {
      try {
        require_route_access(*item.route, item.request, context_.settings);
        if (item.route->prepare) {
          writes_.push_back(item.route->prepare(context_, item.request));
          writers_.push_back(&item);
          continue;
        }
        flush();
        if (answered_bytes_ > kMaxAnswerBytes) refuse("the answers to this batch are too large; ask for less in one batch");
        item.answer = success(item.route->handle(context_, item.request).body);
        answered_bytes_ += item.answer.size();
      } catch (const std::exception&) {
        item.answer = failure(std::current_exception());
      }
    }
    flush();
  }

  void run_together() {
    for (Item& item : items_) {
      require_route_access(*item.route, item.request, context_.settings);
      if (!item.route->prepare) refuse("a transaction holds creates, updates and deletes of objects only");
      writes_.push_back(item.route->prepare(context_, item.request));
    }
    const std::vector<SaveResult> results = context_.services.writer.run_together(writes_);
    for (std::size_t i = 0; i < items_.size(); ++i) answer(items_[i], results[i]);
  }

 private:
  void flush() {
    const auto outcomes = context_.services.writer.run_each(writes_);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i].error) {
        writers_[i]->answer = failure(outcomes[i].error);
      } else {
        answer(*writers_[i], outcomes[i].result);
      }
    }
    writes_.clear();
    writers_.clear();
  }

  void answer(Item& item, const SaveResult& result) { item.answer = success(item.route->answer(context_, item.request, result).body); }

  const RestContext& context_;
  std::vector<Item>& items_;
  std::vector<PreparedWrite> writes_;
  std::vector<Item*> writers_;      // whose writes those are
  std::size_t answered_bytes_ = 0;  // to reads
};

}  // namespace

ApiResponse run(const RestContext& context, const ApiRequest& request) {
  std::vector<Item> items = read_items(context, request);
  const Json* transaction = find_member(request.body, "transaction");
  ItemRunner runner(context, items);
  if (transaction && transaction->is_boolean() && transaction->get<bool>()) {
    runner.run_together();
  } else {
    runner.run_each();
  }
  std::string body = "[";
  for (const Item& item : items) {
    if (body.size() > 1) body += ',';
    body += item.answer;
  }
  return {200, body + "]", {}};
}

}  // namespace parsimony::batch_routes
