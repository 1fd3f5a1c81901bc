import { ConformanceFixture } from "./ConformanceFixture";
import type { ConformanceSubject } from "./ConformanceSubject";
import { describeBuildOptions } from "./parts/describeBuildOptions";
import { describeBuilds } from "./parts/describeBuilds";
import { describeCancellation } from "./parts/describeCancellation";
import { describeContainers } from "./parts/describeContainers";
import { describeEvents } from "./parts/describeEvents";
import { describeExec } from "./parts/describeExec";
import { describeExecFaults } from "./parts/describeExecFaults";
import { describeFiles } from "./parts/describeFiles";
import { describeImages } from "./parts/describeImages";
import { describeIsolation } from "./parts/describeIsolation";
import { describeLogs } from "./parts/describeLogs";
import { describeMounts } from "./parts/describeMounts";
import { describeOddNames } from "./parts/describeOddNames";
import { describePorts } from "./parts/describePorts";
import { describeStates } from "./parts/describeStates";
import { describeStats } from "./parts/describeStats";
import { describeTerminals } from "./parts/describeTerminals";
import { describeVolumes } from "./parts/describeVolumes";

/** What every ContainerEngine must do, real or fake. The engine needs the image busybox. */
export function describeContainerEngine(subject: ConformanceSubject): void {
  describe(`ContainerEngine: ${subject.name}`, () => {
    const fixture = new ConformanceFixture(subject);
    before(async () => fixture.open());
    afterEach(async () => fixture.clean());
    after(async () => fixture.close());

    describeImages(fixture);
    describeBuilds(fixture);
    describeBuildOptions(fixture);
    describeContainers(fixture);
    describeStates(fixture);
    describeIsolation(fixture);
    describeMounts(fixture);
    describeVolumes(fixture);
    describePorts(fixture);
    describeExec(fixture);
    describeExecFaults(fixture);
    describeTerminals(fixture);
    describeFiles(fixture);
    describeLogs(fixture);
    describeStats(fixture);
    describeEvents(fixture);
    describeCancellation(fixture);
    describeOddNames(fixture);
  });
}
