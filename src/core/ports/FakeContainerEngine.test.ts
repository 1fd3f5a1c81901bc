import { conformancePrograms } from "../../../test/conformance/conformancePrograms";
import { describeContainerEngine } from "../../../test/conformance/describeContainerEngine";
import { FakeContainerEngine } from "./FakeContainerEngine";

describeContainerEngine({
  name: "fake",
  connect: () => new FakeContainerEngine({ images: ["busybox"], programs: conformancePrograms, portsInUse: [8080] }),
  portInUse: 8080,
});
