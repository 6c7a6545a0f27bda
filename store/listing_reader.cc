#include "store/listing_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/content_coding.h"

namespace cluehound::store {
namespace {

constexpr size_t kRead = 1 << 20;        // bytes of one read
constexpr size_t kMaxFrame = 128 << 20;  // unpacked: twice what may wait in an archive's memory
constexpr size_t kBlocksPerThread = 4;

}  // namespace

Result<ListingFrames> ListingFrames::Open(const std::filesystem::path& path) {
  evidence::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return evidence::FromErrno(path);
  return ListingFrames(std::move(fd), path, static_cast<uint64_t>(info.st_size));
}

// Reads on; false at the end of the file.
Result<bool> ListingFrames::Fill() {
  if (unread_ == 0) return false;
  buffer_.erase(0, taken_);
  taken_ = 0;
  const size_t before = buffer_.size();
  const auto wanted = static_cast<size_t>(std::min<uint64_t>(kRead, unread_));
  buffer_.resize(before + wanted);
  ssize_t n = 0;
  do {
    n = ::read(fd_.get(), buffer_.data() + before, wanted);
  } while (n < 0 && errno == EINTR);
  buffer_.resize(before + static_cast<size_t>(std::max<ssize_t>(n, 0)));
  if (n < 0) return evidence::FromErrno(path_);
  unread_ = n == 0 ? 0 : unread_ - static_cast<uint64_t>(n);
  return n > 0;
}

Result<bool> ListingFrames::Next(std::string& frame) {
  while (true) {
    const std::string_view rest = std::string_view(buffer_).substr(taken_);
    const auto size = rest.empty() ? 0 : ZstdFrameSize(rest);
    if (size && *size > 0) {
      frame.assign(rest, 0, *size);
      taken_ += *size;
      return true;
    }
    bool more = false;
    if (size && rest.size() < kMaxFrame) {
      ASSIGN_OR_RETURN(more, Fill());
    }
    if (more) continue;
    torn_ = buffer_.size() - taken_;
    return false;
  }
}

Status ListingBlock::Each(
    const std::function<void(extractors::Listing&, const ListingFacts&)>& each) {
  for (size_t begin = 0; begin < lines_.size();) {
    const size_t end = std::min(lines_.find('\n', begin), lines_.size());
    const size_t after = lines_.size() - end + ListingLineReader::kPadding;
    RETURN_IF_ERROR(reader_->Read(lines_.substr(begin, end - begin), after, *listing_, *facts_)
                        .Within(file_->path.string()));
    ++listings_;
    each(*listing_, *facts_);
    begin = end + 1;
  }
  return Status::Ok();
}

// What one thread needs for its blocks, used again for each.
class ListingWorker {
 public:
  struct Outcome {
    Result<std::function<void()>> finish = Status::Cancelled("");
    uint64_t listings = 0;
    uint64_t lines_bytes = 0;
    bool damaged = false;
  };

  Outcome Run(const ListingFile& file, const std::string& frame, const ListingWork& work) {
    Outcome outcome;
    if (!ZstdUnframe(frame, kMaxFrame, lines_)) {
      outcome.damaged = true;
      outcome.finish = std::function<void()>([] {});
      return outcome;
    }
    outcome.lines_bytes = lines_.size();
    lines_.append(ListingLineReader::kPadding, ' ');
    ListingBlock block;
    block.file_ = &file;
    block.lines_ = std::string_view(lines_).substr(0, outcome.lines_bytes);
    block.reader_ = &reader_;
    block.listing_ = &listing_;
    block.facts_ = &facts_;
    outcome.finish = work(block);
    outcome.listings = block.listings_;
    return outcome;
  }

 private:
  std::string lines_;
  ListingLineReader reader_;
  extractors::Listing listing_;
  ListingFacts facts_;
};

namespace {

// The calling thread reads frames and brings parts together; the others work.
class ParallelRead {
 public:
  ParallelRead(const std::vector<ListingFile>& files, size_t threads, const ListingWork& work)
      : files_(files), work_(work), most_(threads * kBlocksPerThread) {
    for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  }
  ~ParallelRead() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  Result<ListingReadFigures> Run() {
    for (const ListingFile& file : files_) RETURN_IF_ERROR(ReadFile(file));
    while (!tasks_.empty()) RETURN_IF_ERROR(FinishFirst());
    return figures_;
  }

 private:
  struct Task {
    const ListingFile* file;
    std::string frame;
    ListingWorker::Outcome outcome;
    bool begun = false;
    bool done = false;
  };

  Status ReadFile(const ListingFile& file) {
    auto frames = ListingFrames::Open(file.path);
    if (!frames.ok())
      return frames.status().code() == Code::kNotFound ? Status::Ok() : frames.status();
    ++figures_.files;
    std::string frame;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, frames->Next(frame));
      if (!more) break;
      figures_.bytes += frame.size();
      ++figures_.frames;
      while (tasks_.size() >= most_) RETURN_IF_ERROR(FinishFirst());
      {
        const std::lock_guard lock(mutex_);
        tasks_.push_back({&file, std::move(frame), {}, false, false});
      }
      changed_.notify_all();
    }
    if (frames->torn() > 0) NoteTorn(frames->torn());
    return Status::Ok();
  }

  void NoteTorn(uint64_t bytes) {
    ++figures_.torn_files;
    figures_.torn_bytes += bytes;
  }

  Status FinishFirst() {
    Task task;
    {
      std::unique_lock lock(mutex_);
      finished_.wait(lock, [this] { return tasks_.front().done; });
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    figures_.listings += task.outcome.listings;
    figures_.lines_bytes += task.outcome.lines_bytes;
    if (task.outcome.damaged) NoteTorn(task.frame.size());
    RETURN_IF_ERROR(task.outcome.finish.status());
    (*task.outcome.finish)();
    return Status::Ok();
  }

  void Work() {
    ListingWorker worker;
    std::unique_lock lock(mutex_);
    while (true) {
      Task* next = nullptr;
      changed_.wait(lock, [&] {
        for (Task& task : tasks_) {
          if (task.begun) continue;
          next = &task;
          break;
        }
        return stop_ || next != nullptr;
      });
      if (stop_) return;
      next->begun = true;  // a deque keeps its elements where they are while others come and go
      lock.unlock();
      ListingWorker::Outcome outcome = worker.Run(*next->file, next->frame, work_);
      lock.lock();
      next->outcome = std::move(outcome);
      next->done = true;
      finished_.notify_all();
    }
  }

  const std::vector<ListingFile>& files_;
  const ListingWork& work_;
  const size_t most_;
  ListingReadFigures figures_;

  std::mutex mutex_;  // guards what follows; the calling thread alone changes the size of tasks_
  std::condition_variable changed_, finished_;
  std::deque<Task> tasks_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

Result<ListingReadFigures> ReadListings(const std::vector<ListingFile>& files, size_t threads,
                                        const ListingWork& work) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  return ParallelRead(files, threads, work).Run();
}

}  // namespace cluehound::store
