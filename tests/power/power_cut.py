"""What a power cut leaves of a folder that a program wrote to under unsynced_disk.

    disk = Disk(folder, 'build/release/tests/power/libunsynced_disk.so')
    process = subprocess.Popen(..., env=disk.environment())
    process.kill(); process.wait()
    disk.cut(random.Random(7))      # the folder is now as after a power cut; disk is ready for the next process
    disk.keep()                     # or: the process ended, and everything reached the disk in time

Of the writes to a file behind its last sync, some reach the disk, from the front, the last one in part; one file in four then
has its full length all the same, with zeros in the place of the rest. Of the names (created, renamed, deleted) that no sync of
their folder followed, the last are lost, as journaling file systems keep their order."""
import os, shutil


class Disk:
    def __init__(self, folder, library):
        self.folder = os.path.realpath(folder)
        self.library = os.path.abspath(library)
        self.journal = self.folder + '.unsynced'
        self.lost = dict(bytes=0, writes=0, names=0)
        self.keep()

    def environment(self):
        return dict(os.environ, LD_PRELOAD=self.library, CLUEHOUND_DISK=self.folder, CLUEHOUND_DISK_JOURNAL=self.journal)

    def keep(self):
        shutil.rmtree(self.journal, ignore_errors=True)
        os.mkdir(self.journal)

    def cut(self, random):
        writes, names = {}, []  # by file, in order; neither synced
        for head, texts in self._records():
            kind = head[0]
            if kind == 'W':
                writes.setdefault(head[1], []).append((*map(int, head[2:5]), texts[0]))
            elif kind == 'S':
                writes.pop(head[1], None)
            elif kind == 'Y':
                names = [n for n in names if os.path.dirname(n[1][-1]) != texts[0]]
            elif kind != 'F':
                names.append((head, texts))
        for number, changes in writes.items():
            self._lose_bytes(os.path.join(self.journal, number), changes, random)
        lost = random.randint(0, len(names))
        for head, texts in reversed(names[len(names) - lost:]):
            self._lose_name(head, texts)
        self.lost['names'] += lost
        self.keep()

    def _records(self):
        name = os.path.join(self.journal, 'journal')
        if not os.path.exists(name):
            return  # killed before the first change
        with open(name, 'rb') as f:
            data = f.read()
        counts = dict(F=(1, 1), W=(4, 1), S=(1, 0), C=(0, 1), D=(0, 1), X=(0, 1), U=(1, 1), R=(1, 2), Y=(0, 1))
        at = 0
        while at < len(data):
            end = data.find(b'\n', at)
            if end < 0:
                return  # killed while it was written: the change was not made
            fields = data[at:end].decode().split(' ')
            plain, texts = counts[fields[0]]
            at = end + 1
            found = []
            for size in map(int, fields[1 + plain:]):
                text = data[at:at + size]
                if len(text) < size:
                    return
                found.append(text if fields[0] == 'W' else text.decode())
                at += size
            assert len(found) == texts, fields
            yield fields[:1 + plain], found

    def _lose_bytes(self, file, changes, random):
        kept = random.randint(0, len(changes))
        if kept == len(changes):
            return
        with open(file, 'r+b') as f:
            full = os.fstat(f.fileno()).st_size
            torn = changes[kept][0] + random.randint(0, max(0, changes[kept][1]))
            f.seek(changes[kept][0])
            part = f.read(torn - changes[kept][0])
            for offset, _, size_before, old in reversed(changes[kept:]):
                f.truncate(size_before)
                f.seek(offset)
                f.write(old)
            f.seek(changes[kept][0])
            f.write(part)
            f.flush()
            self.lost['writes'] += len(changes) - kept
            self.lost['bytes'] += max(0, full - os.fstat(f.fileno()).st_size)
            if random.random() < 0.25 and full > os.fstat(f.fileno()).st_size:
                f.truncate(full)

    def _lose_name(self, head, texts):
        kind, path = head[0], texts[0]
        kept = os.path.join(self.journal, head[1]) if len(head) > 1 and head[1] != '0' else None
        if kind == 'C' and os.path.lexists(path):
            os.unlink(path)
        elif kind == 'D' and os.path.isdir(path):
            shutil.rmtree(path)
        elif kind == 'X' and not os.path.isdir(path):
            os.mkdir(path)
        elif kind == 'U' and not os.path.lexists(path):
            os.link(kept, path)
        elif kind == 'R':
            source, target = texts
            if source and os.path.lexists(target) and not os.path.lexists(source):
                os.rename(target, source)
            if kept and not os.path.lexists(target):
                os.link(kept, target)
